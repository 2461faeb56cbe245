import type { ComponentProps } from 'react'

type Look = 'primary' | 'plain' | 'danger' | 'quiet'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  /** Work is under way: the button says so and cannot be pressed again. */
  readonly busy?: boolean
}

export function Button({ look = 'plain', busy = false, disabled, children, className, ...rest }: ButtonProps) {
  const classes = ['button', `button-${look}`, className].filter(Boolean).join(' ')
  return (
    <button type="button" {...rest} className={classes} disabled={disabled || busy} aria-busy={busy}>
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
