import type { ComponentProps } from 'react'
import { type Option, SelectField } from './field.js'

interface PickFieldProps<T extends string>
  extends Omit<ComponentProps<typeof SelectField>, 'value' | 'onChange' | 'options'> {
  readonly value: T
  readonly options: readonly Option<T>[]
  readonly onPick: (value: T) => void
}

/** A choice that takes effect as it is made. */
export function PickField<T extends string>({ options, onPick, ...rest }: PickFieldProps<T>) {
  return (
    <SelectField
      {...rest}
      options={options}
      onChange={({ target }) => {
        const picked = options.find(({ value }) => value === target.value)
        if (picked) onPick(picked.value)
      }}
    />
  )
}

/** In a filter: nothing is left out. */
export const all: Option<''> = { value: '', label: 'All' }

/** Choices of a table of words, in its order. */
export function optionsOf<T extends string>(words: Readonly<Record<T, string>>): readonly Option<T>[] {
  // Object.entries forgets which keys there are.
  return (Object.entries(words) as [T, string][]).map(([value, label]) => ({ value, label }))
}
