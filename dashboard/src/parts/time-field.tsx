import { TextField } from './field.js'
import { inputTime } from './format.js'

interface TimeFieldProps {
  readonly name: string
  readonly label: string
  readonly help?: string
  readonly error?: string | undefined
  /** ISO 8601; undefined: not said. */
  readonly at: string | undefined
  readonly onChange: (at: string | undefined) => void
}

/** A date and a time in the reader's own time zone. */
export function TimeField({ at, onChange, ...rest }: TimeFieldProps) {
  return (
    <TextField
      {...rest}
      type="datetime-local"
      value={at === undefined ? '' : inputTime(at)}
      onChange={({ target }) => {
        const time = new Date(target.value)
        onChange(Number.isNaN(time.getTime()) ? undefined : time.toISOString())
      }}
    />
  )
}
