import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { statusQuery } from '../../api/queries.js'
import type { BotConfig, BotStatus } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { Confirm } from '../../parts/confirm.js'
import { words } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { Ago } from '../../parts/time.js'
import { CommandRefusal } from './command-refusal.js'
import { HoldNotice } from './hold-notice.js'
import { type Command, commandsFor, planConditions, progressText, statusTitles } from './status-words.js'

/** The bot's state in one big word, with what can be done about it. */
export function StatusPanel({ bot, config }: { bot: BotStatus; config: BotConfig | null }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const command = useMutation({
    mutationFn: (name: Command) => client.post<BotStatus>(`/bot/${name}`, { body: {}, once: true }),
    onSuccess: (status) => queries.setQueryData(statusQuery(client).queryKey, status),
  })
  const offered = commandsFor(bot)
  const progress = progressText(bot)
  // The notice of the hold says it.
  const conditions = bot.conditions.filter(({ type }) => type !== 'held')
  const busy = (name: Command) => command.isPending && command.variables === name
  return (
    <Section title="Status">
      <div className={`status-panel status-${bot.status}`}>
        <div>
          <p className="status-word" role="status" data-testid="bot-status">
            <span className="status-dot" aria-hidden="true" />
            {statusTitles[bot.status]}
          </p>
          {bot.mode && <Badge tone={bot.mode === 'live' ? 'warning' : 'info'}>{words(bot.mode)} trading</Badge>}
        </div>
        <div className="actions">
          {offered.includes('start') && (
            <Button look="primary" busy={busy('start')} onClick={() => command.mutate('start')}>
              Start
            </Button>
          )}
          {offered.includes('restart') && (
            <Button busy={busy('restart')} onClick={() => command.mutate('restart')}>
              Restart
            </Button>
          )}
          {offered.includes('stop') && (
            <Confirm
              trigger={{ look: 'danger', children: 'Stop' }}
              title="Stop the bot?"
              action="Stop the bot"
              onConfirm={() => command.mutateAsync('stop')}
            >
              <StopText config={config} />
            </Confirm>
          )}
        </div>
      </div>
      {progress && (
        <div className="stack">
          <progress aria-label={progress} />
          <p className="muted" role="status">
            {progress}…
          </p>
        </div>
      )}
      <CommandRefusal error={command.variables === 'stop' ? undefined : command.error} />
      {bot.hold && <HoldNotice hold={bot.hold} reason={bot.holdReason} />}
      {bot.run?.engine === 'process' && (
        <Notice tone="warning" title="No container engine">
          The bot runs as a plain process of this machine. That isolates for development only; install Docker for real
          isolation.
        </Notice>
      )}
      {conditions.length > 0 && (
        <ul className="conditions" aria-label="Conditions">
          {conditions.map(({ type, reason, message, since }) => (
            <li key={`${type} ${reason}`}>
              <Notice tone="warning" title={words(type)}>
                {message || words(reason)} {planConditions.has(type) && <Link to="/billing">Your plan</Link>}{' '}
                <span className="muted">
                  (<Ago at={since} />)
                </span>
              </Notice>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function StopText({ config }: { config: BotConfig | null }) {
  return (
    <>
      <p>It makes no new entries. It ends within a minute.</p>
      <p>
        {config?.onStop === 'keep'
          ? 'Open positions are kept, as your set-up says.'
          : 'Open positions are closed, as your set-up says. A binary option cannot be closed: it runs to its expiry and is settled without the bot.'}
      </p>
    </>
  )
}
