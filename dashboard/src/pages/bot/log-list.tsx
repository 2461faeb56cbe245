import { Time } from '../../parts/time.js'
import { fieldsText, type KeyedLine } from './log-lines.js'
import { useFollowedList } from './use-followed-list.js'

/** Lines in a box of their own, oldest first. At least one. */
export function LogList({ lines }: { lines: readonly KeyedLine[] }) {
  const list = useFollowedList(lines[0]?.key, lines.at(-1)?.key)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ol className="log" ref={list} tabIndex={0} aria-label="Log lines, oldest first">
      {lines.map(({ key, time, level, message, fields }) => (
        <li key={key} className={`level-${level}`}>
          <Time at={time} />
          <span>{level}</span>
          <span className="log-message">
            {message} <span className="log-fields">{fieldsText(fields)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
