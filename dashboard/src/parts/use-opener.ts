import { useRef } from 'react'

/** The button of a dialog. The focus goes back to it, or to the heading of the page when it is gone. */
export function useOpener() {
  const opener = useRef<HTMLButtonElement>(null)
  return {
    opener,
    giveFocusBack(event: Event): void {
      event.preventDefault()
      if (opener.current?.isConnected) opener.current.focus()
      else document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    },
  }
}
