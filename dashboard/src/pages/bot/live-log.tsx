import { useEffect, useRef, useState } from 'react'
import type { LogLevel } from '../../api/types.js'
import { useIsLive } from '../../live/use-topic.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { SelectField } from '../../parts/field.js'
import { words } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Time } from '../../parts/time.js'
import { fieldsText, isAtLeast, levels } from './log-lines.js'
import { useLog } from './use-log.js'

const options = levels.map((level) => ({
  value: level,
  label: `${words(level)}${level === 'fatal' ? '' : ' and above'}`,
}))

export function LiveLog() {
  const [level, setLevel] = useState<LogLevel>('info')
  const [paused, setPaused] = useState(false)
  const { stored, lines, waiting } = useLog(paused)
  const isLive = useIsLive()
  const shown = lines.filter((line) => isAtLeast(line, level))
  const list = useFollowedList(shown.at(-1)?.key)
  return (
    <>
      <div className="section-head">
        <div className="picker">
          <SelectField
            name="log-level"
            label="Level"
            options={options}
            value={level}
            onChange={(event) => setLevel(event.target.value as LogLevel)}
          />
        </div>
        <div className="actions">
          <Badge tone={paused ? 'warning' : isLive ? 'good' : 'none'}>
            {paused ? `Paused${waiting > 0 ? `, ${waiting} waiting` : ''}` : isLive ? 'Live' : 'Connecting'}
          </Badge>
          <Button aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? 'Go on' : 'Pause'}
          </Button>
        </div>
      </div>
      <Loaded query={stored}>
        {() =>
          shown.length === 0 ? (
            <Empty>No lines at this level. What the bot writes will appear here as it happens.</Empty>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            <ol className="log" ref={list} tabIndex={0} aria-label="Log lines, oldest first">
              {shown.map(({ key, time, level: at, message, fields }) => (
                <li key={key} className={`level-${at}`}>
                  <Time at={time} />
                  <span>{at}</span>
                  <span className="log-message">
                    {message} <span className="log-fields">{fieldsText(fields)}</span>
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </>
  )
}

/** Keeps a scrolling list at its end as it grows, unless the reader has scrolled up. */
function useFollowedList(last: unknown) {
  const list = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    const element = list.current
    if (!element) return undefined
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24
    }
    element.addEventListener('scroll', look)
    return () => element.removeEventListener('scroll', look)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last line is the reason to scroll
  useEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [last])
  return list
}
