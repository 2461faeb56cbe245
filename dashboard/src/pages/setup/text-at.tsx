import type { ComponentProps } from 'react'
import { SelectField, TextField } from '../../parts/field.js'
import { useFieldAt } from './field-errors.js'

interface TextAtProps extends Omit<ComponentProps<typeof TextField>, 'name' | 'error' | 'value' | 'onChange'> {
  /** Path in the configuration. */
  readonly path: string
  readonly value: string
  readonly onText: (text: string) => void
}

/** A text field of the configuration, with its error. */
export function TextAt({ path, onText, ...rest }: TextAtProps) {
  return <TextField {...rest} {...useFieldAt(path)} onChange={(event) => onText(event.target.value)} />
}

interface SelectAtProps<T extends string>
  extends Omit<ComponentProps<typeof SelectField>, 'name' | 'error' | 'value' | 'onChange' | 'options'> {
  readonly path: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onPick: (value: T) => void
}

/** A choice of the configuration, with its error. */
export function SelectAt<T extends string>({ path, options, onPick, ...rest }: SelectAtProps<T>) {
  return (
    <SelectField
      {...rest}
      {...useFieldAt(path)}
      options={options}
      onChange={({ target }) => {
        const picked = options.find(({ value }) => value === target.value)
        if (picked) onPick(picked.value)
      }}
    />
  )
}
