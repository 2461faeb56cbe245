import { type ReactNode, useId } from 'react'
import { Empty, Loaded } from '../../parts/loaded.js'

interface KeyGroupProps<T> {
  readonly title: string
  readonly intro: string
  readonly empty: string
  /** The button to add one. */
  readonly add: ReactNode
  readonly query: Parameters<typeof Loaded<readonly T[]>>[0]['query']
  readonly card: (key: T) => ReactNode
}

/** All keys of one kind, and a way to add one. */
export function KeyGroup<T>({ title, intro, empty, add, query, card }: KeyGroupProps<T>) {
  const heading = useId()
  return (
    <section className="stack" aria-labelledby={heading}>
      <div className="section-head">
        <h2 id={heading}>{title}</h2>
        {add}
      </div>
      <p className="muted">{intro}</p>
      <Loaded query={query}>
        {(keys) => (keys.length === 0 ? <Empty>{empty}</Empty> : <div className="columns">{keys.map(card)}</div>)}
      </Loaded>
    </section>
  )
}
