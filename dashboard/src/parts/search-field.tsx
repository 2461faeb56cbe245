import { useState } from 'react'
import { Button } from './button.js'
import { TextField } from './field.js'

interface SearchFieldProps {
  readonly name: string
  readonly label: string
  /** With what is looked for; "" for everything. */
  readonly onSearch: (text: string) => void
}

/** A text that is looked for once it is sent, or emptied. */
export function SearchField({ name, label, onSearch }: SearchFieldProps) {
  const [text, setText] = useState('')
  return (
    <search>
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(text.trim())
        }}
      >
        <TextField
          name={name}
          label={label}
          type="search"
          value={text}
          onChange={({ target }) => {
            setText(target.value)
            if (target.value === '') onSearch('')
          }}
        />
        <Button type="submit">Search</Button>
      </form>
    </search>
  )
}
