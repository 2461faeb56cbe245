import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../parts/button.js'
import { Empty, Loaded } from '../../parts/loaded.js'

interface KeyGroupProps<T> {
  readonly title: string
  readonly intro: string
  readonly empty: string
  /** What the adding button says. */
  readonly add: string
  readonly query: Parameters<typeof Loaded<readonly T[]>>[0]['query']
  readonly card: (key: T) => ReactNode
  readonly form: (close: () => void) => ReactNode
}

/** All keys of one kind, and a way to add one. */
export function KeyGroup<T>({ title, intro, empty, add, query, card, form }: KeyGroupProps<T>) {
  const heading = useId()
  const [adding, setAdding] = useState(false)
  return (
    <section className="stack" aria-labelledby={heading}>
      <div className="section-head">
        <h2 id={heading}>{title}</h2>
        <Button look="primary" onClick={() => setAdding(true)}>
          {add}
        </Button>
      </div>
      <p className="muted">{intro}</p>
      <Loaded query={query}>
        {(keys) => (keys.length === 0 ? <Empty>{empty}</Empty> : <div className="columns">{keys.map(card)}</div>)}
      </Loaded>
      {adding && form(() => setAdding(false))}
    </section>
  )
}
