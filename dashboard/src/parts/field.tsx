import { type ComponentProps, type ReactNode, useId } from 'react'

/** What a field must hand to its control so that label, help and error are heard with it. */
interface Wiring {
  readonly id: string
  readonly name: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

interface FieldProps {
  /** Path of the value, for example "strategies.0.stake"; errors name it. */
  readonly name: string
  readonly label: string
  readonly help?: ReactNode
  readonly error?: string | undefined
}

/** The ids of a field's error and help, for `aria-describedby`. */
function notesOf(id: string, { error, help }: Pick<FieldProps, 'error' | 'help'>): string | undefined {
  return [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined
}

function Notes({ id, error, help }: { id: string } & Pick<FieldProps, 'error' | 'help'>) {
  return (
    <>
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {help && (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </>
  )
}

function Field({ name, label, control, ...notes }: FieldProps & { control: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const invalid = notes.error ? true : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control({ id, name, 'aria-describedby': notesOf(id, notes), 'aria-invalid': invalid })}
      <Notes id={id} {...notes} />
    </div>
  )
}

type Own<E extends 'input' | 'select'> = Omit<ComponentProps<E>, 'name' | 'id'> & FieldProps

/** A text input; pass `inputMode="decimal"` for amounts, which stay text. */
export function TextField({ name, label, help, error, ...input }: Own<'input'>) {
  return <Field {...{ name, label, help, error }} control={(wiring) => <input type="text" {...input} {...wiring} />} />
}

export interface Option<T extends string = string> {
  readonly value: T
  readonly label: string
}

export function SelectField({
  name,
  label,
  help,
  error,
  options,
  ...select
}: Own<'select'> & { options: readonly Option[] }) {
  const choices = options.map(({ value, label: text }) => (
    <option key={value} value={value}>
      {text}
    </option>
  ))
  return (
    <Field
      {...{ name, label, help, error }}
      control={(wiring) => (
        <select {...select} {...wiring}>
          {choices}
        </select>
      )}
    />
  )
}

/** A checkbox with its label beside it. */
export function CheckField({ name, label, help, error, ...input }: Own<'input'>) {
  const id = useId()
  const notes = { help, error }
  return (
    <div className="field field-check">
      <label htmlFor={id}>
        <input
          type="checkbox"
          {...input}
          id={id}
          name={name}
          aria-describedby={notesOf(id, notes)}
          aria-invalid={error ? true : undefined}
        />
        {label}
      </label>
      <Notes id={id} {...notes} />
    </div>
  )
}
