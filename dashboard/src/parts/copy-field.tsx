import { useRef, useState } from 'react'
import { Button } from './button.js'
import { TextField } from './field.js'

/** A text to take along, with a button that copies it. Where the browser does not let it, the text is selected. */
export function CopyField({ name, label, text }: { name: string; label: string; text: string }) {
  const box = useRef<HTMLDivElement>(null)
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied.')
    } catch {
      box.current?.querySelector('input')?.select()
      setSaid('Selected: copy it with your keyboard.')
    }
  }
  return (
    <div className="stack" ref={box}>
      <TextField name={name} label={label} value={text} readOnly onFocus={({ target }) => target.select()} />
      <div className="actions">
        <Button onClick={copy}>Copy</Button>
        <span role="status">{said}</span>
      </div>
    </div>
  )
}
