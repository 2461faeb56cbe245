import { memoryBus } from '@sath/bus'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import { pino } from 'pino'
import t from 'tap'
import type { StatusReader } from '../views/bot-status-view.js'
import { startStatusPushes } from './status-pushes.js'

t.test('of two changes the newer status is told last, however long a read takes', async (t) => {
  const told: unknown[] = []
  const answers: ((status: never) => void)[] = []
  const readStatus: StatusReader = () => new Promise((resolve) => answers.push(resolve as (status: never) => void))
  let looks = 0
  const hub = {
    add() {},
    remove() {},
    listens: () => ++looks > 0,
    tell: (_: string, __: string, data: unknown) => told.push(data),
  }
  const database = await openTestDatabase(t)
  const pushes = startStatusPushes({ database, bus: memoryBus(), hub, readStatus, log: pino({ level: 'silent' }) })
  t.teardown(pushes.stop)
  pushes.push('a')
  await until('the first read', () => answers.length === 1)
  pushes.push('a')
  // It is put off while the first is under way, or read at once beside it.
  await until('the second change to be due', () => looks > 2 || answers.length === 2)
  for (const status of ['newer', 'older']) answers[status === 'newer' ? 1 : 0]?.(status as never)
  await until('both', () => {
    answers[1]?.('newer' as never)
    return told.length === 2
  })
  t.same(told, ['older', 'newer'])
})
