/** Leads to the first field of a form that is marked as faulty, out of what is folded up and into the middle of the page. */
export function showFirstFault(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]')
  if (!first) return
  for (let fold = first.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true
  first.focus({ preventScroll: true })
  // What stays at the lower end of the page would cover it there.
  first.scrollIntoView({ block: 'center' })
}

/** Whether a form has a field of this name. */
export function hasField(form: HTMLFormElement | null, name: string): boolean {
  return form?.querySelector(`[name="${CSS.escape(name)}"]`) !== null
}
