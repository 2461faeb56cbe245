import { type UseInfiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Client } from '../api/client.js'
import type { Page } from '../api/types.js'
import { Button } from './button.js'
import { Empty, Loaded } from './loaded.js'

type Query = Readonly<Record<string, string | number | undefined>>

/** A list of the API, page by page, newest first. The key begins with the path, so that `['/trades']` invalidates all of it. */
export function pagesOf<T>(client: Client, path: string, query: Query = {}) {
  return {
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      client.get<Page<T>>(path, { query: { ...query, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    maxPages: 20,
  } satisfies Partial<UseInfiniteQueryOptions<Page<T>, Error, unknown, unknown[], string | undefined>> & object
}

interface PagesProps<T> {
  readonly query: ReturnType<typeof usePages<T>>
  /** What to say when there is nothing. */
  readonly empty: ReactNode
  readonly children: (items: readonly T[]) => ReactNode
}

/** `lookAgainMs` says when to read it again by itself, given what is there. */
export function usePages<T>(
  client: Client,
  path: string,
  query?: Query,
  lookAgainMs: (items: readonly T[]) => number | false = () => false,
) {
  return useInfiniteQuery({
    ...pagesOf<T>(client, path, query),
    refetchInterval: ({ state }) => lookAgainMs(state.data?.pages.flatMap(({ items }) => items) ?? []),
  })
}

/** All pages read so far, with a button for the next. */
export function Pages<T>({ query, empty, children }: PagesProps<T>) {
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items)
        if (items.length === 0) return <Empty>{empty}</Empty>
        return (
          <>
            {children(items)}
            {query.hasNextPage && (
              <div className="more">
                <Button busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )
      }}
    </Loaded>
  )
}
