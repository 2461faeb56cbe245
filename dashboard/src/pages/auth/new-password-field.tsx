import { TextField } from '../../parts/field.js'

export function NewPasswordField({ error }: { error?: string | undefined }) {
  return (
    <TextField
      name="password"
      label="Password"
      type="password"
      autoComplete="new-password"
      minLength={10}
      required
      help="At least 10 characters, and not one that everybody uses."
      error={error}
    />
  )
}
