import type { ReactNode } from 'react'
import { sentence } from '../api/problem.js'
import { Button } from './button.js'

interface QueryView<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly isFetching: boolean
  refetch(): unknown
}

/** Shows a query's answer, or that it is loading, or why there is none with a way to try again. */
export function Loaded<T>({ query, children }: { query: QueryView<T>; children: (data: T) => ReactNode }) {
  const { data, error, isFetching, refetch } = query
  const failed = error !== null && error !== undefined
  return (
    <>
      {failed && (
        <div className="notice notice-bad" role="alert">
          <div>{data === undefined ? sentence(error) : `${sentence(error)} What you see may be old.`}</div>
          <Button busy={isFetching} onClick={() => refetch()}>
            Try again
          </Button>
        </div>
      )}
      {data === undefined && !failed && <Loading />}
      {data !== undefined && children(data)}
    </>
  )
}

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <p className="loading" role="status">
      <span className="spinner" aria-hidden="true" /> {what}…
    </p>
  )
}

/** In place of a list that has nothing in it: what will be here, and what to do for it. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>
}
