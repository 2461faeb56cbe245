import { useEffect, useLayoutEffect, useRef } from 'react'

/**
 * Keeps a scrolling list at its end as it grows there, unless the reader has scrolled up. What is put before its begin is
 * brought into view, with where it was begun before still to be seen. `first` and `last` are the keys of its ends.
 */
export function useFollowedList(first: unknown, last: unknown) {
  const list = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  const before = useRef({ first, height: 0 })

  useEffect(() => {
    const element = list.current
    if (!element) return undefined
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24
    }
    element.addEventListener('scroll', look)
    return () => element.removeEventListener('scroll', look)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the last line is a reason to scroll
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const { scrollHeight: height, clientHeight } = element
    const grown = height - before.current.height
    if (before.current.height > 0 && first !== before.current.first && grown > 0) {
      atEnd.current = false
      element.scrollTop = Math.max(0, grown - clientHeight / 2)
    } else if (atEnd.current) element.scrollTop = height
    before.current = { first, height }
  }, [first, last])
  return list
}
