import type { ComponentProps } from 'react'
import { TextField } from '../../parts/field.js'
import { PickField } from '../../parts/pick-field.js'
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

/** A part of a form that fills in a draft, and where its fields are in the body that is sent. */
interface DraftPart<Name extends string> {
  readonly path: string
  readonly draft: Readonly<Record<Name, string>>
  readonly onChange: (change: Readonly<Record<Name, string>>) => void
}

interface TextOfProps<Name extends string> extends Omit<ComponentProps<typeof TextAt>, 'path' | 'value' | 'onText'> {
  readonly of: DraftPart<NoInfer<Name>>
  readonly name: Name
}

/** The text field of a draft's value that has the same name in the body. */
export function TextOf<Name extends string>({ of: { path, draft, onChange }, name, ...rest }: TextOfProps<Name>) {
  // A computed key loses its name.
  const changeOf = (text: string) => ({ [name]: text }) as Record<Name, string>
  return <TextAt {...rest} path={`${path}.${name}`} value={draft[name]} onText={(text) => onChange(changeOf(text))} />
}

interface SelectAtProps<T extends string> extends Omit<ComponentProps<typeof PickField<T>>, 'name' | 'error'> {
  readonly path: string
}

/** A choice of the configuration, with its error. */
export function SelectAt<T extends string>({ path, ...rest }: SelectAtProps<T>) {
  return <PickField {...rest} {...useFieldAt(path)} />
}
