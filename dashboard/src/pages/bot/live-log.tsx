import { useState } from 'react'
import type { LogLevel } from '../../api/types.js'
import { useIsLive } from '../../live/use-topic.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { words } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { PickField } from '../../parts/pick-field.js'
import { levels } from './log-lines.js'
import { LogList } from './log-list.js'
import { useLog } from './use-log.js'

const options = levels.map((level) => ({
  value: level,
  label: `${words(level)}${level === 'fatal' ? '' : ' and above'}`,
}))

/** The log as it happens, with a way back to what came before. */
export function LiveLog() {
  const [level, setLevel] = useState<LogLevel>('info')
  const [paused, setPaused] = useState(false)
  const { stored, lines, waiting } = useLog(paused, level)
  const isLive = useIsLive()
  return (
    <>
      <div className="section-head">
        <div className="picker">
          <PickField name="log-level" label="Level" options={options} value={level} onPick={setLevel} />
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
        {() => (
          <>
            <div className="more">
              {stored.hasNextPage ? (
                <Button look="quiet" busy={stored.isFetchingNextPage} onClick={() => stored.fetchNextPage()}>
                  Load earlier lines
                </Button>
              ) : (
                lines.length > 0 && (
                  <span className="muted">
                    {stored.data?.pages.at(-1)?.nextCursor === null
                      ? 'The log begins here.'
                      : 'Lines before these are kept on the server.'}
                  </span>
                )
              )}
            </div>
            {lines.length === 0 ? (
              <Empty>No lines at this level. What the bot writes will appear here as it happens.</Empty>
            ) : (
              <LogList lines={lines} />
            )}
          </>
        )}
      </Loaded>
    </>
  )
}
