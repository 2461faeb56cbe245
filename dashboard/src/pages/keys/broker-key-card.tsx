import type { ExchangeKey } from '../../api/types.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { Fact } from '../../parts/facts.js'
import { money, words } from '../../parts/format.js'
import { Time } from '../../parts/time.js'
import { BrokerKeyForm, type BrokersQuery } from './broker-key-form.js'
import { KeyCard } from './key-card.js'

export function BrokerKeyCard({ stored, brokers }: { stored: ExchangeKey; brokers: BrokersQuery }) {
  const { broker, label, environment, balance, lastConnectedAt } = stored
  const name = brokers.data?.find(({ id }) => id === broker)?.name ?? words(broker)
  const title = label ?? name
  return (
    <KeyCard
      stored={stored}
      list="/keys/exchange"
      title={title}
      facts={
        <>
          <Fact name="Broker">{name}</Fact>
          <Fact name="Environment">{words(environment)}</Fact>
          <Fact name="Balance">{balance ? money(balance.amount, balance.currency) : '–'}</Fact>
          <Fact name="Last connected">
            <Time at={lastConnectedAt} />
          </Fact>
        </>
      }
      actions={
        <DialogButton
          trigger={{ children: 'Replace', 'aria-label': `Replace ${title}` }}
          title="Replace the key"
          description="Strategies that use it go on with the new one."
        >
          {(close) => <BrokerKeyForm brokers={brokers} replaces={stored} onClose={close} />}
        </DialogButton>
      }
    />
  )
}
