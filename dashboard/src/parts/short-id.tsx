/** The first eight digits of a UUID, the whole on hover; anything else stays whole. */
export function ShortId({ id }: { id: string }) {
  return <code title={id}>{/^[0-9a-f]{8}-/.test(id) ? `${id.slice(0, 8)}…` : id}</code>
}
