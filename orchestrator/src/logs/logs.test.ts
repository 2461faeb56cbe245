import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { memoryBus } from '@sath/bus'
import { fixedClock, type Teardown } from '@sath/testkit'
import { pino } from 'pino'
import t from 'tap'
import type { Container, LogEntry } from '../engines/container-engine.js'
import { memoryEngine } from '../engines/memory-engine.js'
import { scratchDir } from '../testing/test-bot.js'
import { lineSplitter, maxLineBytes } from './line-splitter.js'
import { logCollector } from './log-collector.js'
import { appendLines, readCursor, removeOldLogs, tenantDir, tenantsWithLogs } from './log-files.js'
import { type LogLine, parseLine } from './log-line.js'
import { tokenBucket } from './token-bucket.js'

const at = '2024-01-01T10:00:00.000000001Z'
const raw = { stream: 'stdout' as const, run: 'r', at, cut: 0 }

t.test('a line is read as pino meant it, or kept as it is', async (t) => {
  const said = JSON.stringify({ level: 50, time: 1_700_000_000_000, pid: 7, hostname: 'bot', msg: 'no', intentId: 'i' })
  t.same(parseLine({ ...raw, text: said }), {
    time: '2023-11-14T22:13:20.000Z',
    level: 'error',
    message: 'no',
    fields: { intentId: 'i' },
    stream: 'stdout',
    run: 'r',
    at,
  })
  t.match(parseLine({ ...raw, text: 'plain' }), { level: 'info', message: 'plain', time: '2024-01-01T10:00:00.000Z' })
  t.match(parseLine({ ...raw, stream: 'stderr', text: '{"broken' }), { level: 'error', message: '{"broken' })
  t.match(parseLine({ ...raw, text: '{"time":1e300,"level":"x","msg":{}}' }), {
    level: 'info',
    message: '',
    time: '2024-01-01T10:00:00.000Z',
  })
  t.match(parseLine({ ...raw, text: 'x', cut: 9 }), { fields: { truncatedBytes: 9 } })
})

t.test('lines are cut from whatever pieces come, long and binary ones too', async (t) => {
  const lines: [string, number][] = []
  const splitter = lineSplitter((text, cut) => lines.push([text, cut]))
  for (const piece of ['a', 'b\nc\r\n\n', 'd']) splitter.push(Buffer.from(piece))
  splitter.push(Buffer.alloc(3 * maxLineBytes, 'x'))
  splitter.push(Buffer.from([0x0a, 0, 0xff, 0xfe, 0x0a]))
  splitter.push(Buffer.from('last'))
  splitter.end()
  t.same(
    lines.map(([text]) => text.length),
    [2, 1, maxLineBytes, 3, 4],
  )
  t.equal(lines[2]?.[1], 2 * maxLineBytes + 1, 'what was cut is counted')
  t.doesNotThrow(() => JSON.parse(JSON.stringify(lines[3])))
})

t.test('a bucket gives a burst and then so much a second', async (t) => {
  const clock = fixedClock()
  const bucket = tokenBucket({ burstBytes: 1_000, bytesPerSecond: 100, perLineBytes: 90 }, clock.now)
  const taken = () => Array.from({ length: 20 }, () => bucket.take(10)).filter(Boolean).length
  t.equal(taken(), 10)
  clock.advance(2_000)
  t.equal(taken(), 2)
  clock.advance(-3_600_000)
  t.equal(taken(), 0, 'a clock that is set back gives and takes nothing')
  clock.advance(3_600_000)
  t.equal(taken(), 10, 'never more than the burst')
})

const line = (over: Partial<LogLine>): LogLine => ({
  time: '',
  level: 'info',
  message: 'm',
  fields: {},
  stream: 'stdout',
  run: 'r',
  at,
  ...over,
})

t.test('files: a day each, rotated, found again, kept as long as the plan says', async (t) => {
  const root = scratchDir(t, 'logs')
  const tenant = randomUUID()
  const dir = join(root, tenant, 'logs')
  const later = '2024-01-02T00:00:00.5Z'
  await appendLines(root, tenant, [
    line({}),
    line({ at: later }),
    line({ at: later }),
    line({ at: later, run: 'other' }),
  ])
  t.same(readdirSync(dir).sort(), ['2024-01-01.jsonl', '2024-01-02.jsonl'])
  t.same(await readCursor(root, tenant, 'r'), { at: later, count: 2 })
  appendFileSync(join(dir, '2024-01-02.jsonl'), '{"torn":')
  t.same(await readCursor(root, tenant, 'r'), { at: later, count: 2 }, 'a torn line is cut off')
  t.ok(readFileSync(join(dir, '2024-01-02.jsonl'), 'utf8').endsWith('}\n'))
  writeFileSync(join(dir, '2024-01-02.jsonl'), Buffer.alloc(51 * 1024 * 1024, 'x\n'))
  await appendLines(root, tenant, [line({ at: later })])
  t.same(readdirSync(dir).sort(), ['2024-01-01.jsonl', '2024-01-02.001.jsonl', '2024-01-02.jsonl'])
  t.same(await readCursor(root, tenant, 'r'), { at: later, count: 1 })
  rmSync(join(dir, '2024-01-02.jsonl'))
  t.equal(await readCursor(root, tenant, 'r'), undefined, 'a part that has just been put aside is the newest')
  await appendLines(root, tenant, [line({ at: later })])
  writeFileSync(join(dir, 'notes.txt'), '')
  t.equal(await removeOldLogs(root, tenant, 7, Date.UTC(2024, 0, 9)), 1)
  t.same(readdirSync(dir).sort(), ['2024-01-02.001.jsonl', '2024-01-02.jsonl', 'notes.txt'])
})

t.test('one tenant’s log takes no more than its share of the disk, and the newest stays', async (t) => {
  const root = scratchDir(t, 'logs')
  const tenant = randomUUID()
  const dir = join(root, tenant, 'logs')
  mkdirSync(dir, { recursive: true })
  const MiB = 1024 * 1024
  const days = [...Array(20).keys()].map((n) => `2024-01-${String(n + 1).padStart(2, '0')}`)
  for (const day of days) truncateSync(fileOf(day), 49 * MiB)
  const newest = days.at(-1) ?? ''
  await appendLines(root, tenant, [line({ at: `${newest}T00:00:00.5Z` })])
  t.same(
    readdirSync(dir).sort(),
    days.map((day) => `${day}.jsonl`),
    'no file is begun, so nothing is measured',
  )
  await appendLines(root, tenant, [line({ at: '2024-01-21T00:00:00.5Z' })])
  t.same(
    readdirSync(dir).sort(),
    [...days.slice(-9), '2024-01-21'].map((day) => `${day}.jsonl`),
  )

  function fileOf(day: string): string {
    const file = join(dir, `${day}.jsonl`)
    writeFileSync(file, '')
    return file
  }
})

t.test('nothing leads out of the tenants’ directory', async (t) => {
  const root = scratchDir(t, 'logs')
  for (const id of ['..', '../etc', '', `${randomUUID()}/..`]) t.throws(() => tenantDir(root, id))
  const real = randomUUID()
  const linked = randomUUID()
  mkdirSync(join(root, real, 'logs'), { recursive: true })
  mkdirSync(join(root, linked))
  symlinkSync(scratchDir(t, 'elsewhere'), join(root, linked, 'logs'))
  t.same(await tenantsWithLogs(root), [real], 'links are not followed')
})

/** A collector over a memory engine whose one container says what the test gives it. */
function collecting(t: Teardown, entries: () => readonly LogEntry[]) {
  const tenantsDir = scratchDir(t, 'logs')
  const container: Container = {
    id: 'c',
    name: 'n',
    tenantId: randomUUID(),
    runId: randomUUID(),
    epoch: 1,
    state: 'exited',
  }
  const engine = memoryEngine('i')
  const bus = memoryBus({ log: pino({ level: 'silent' }) })
  const live: unknown[] = []
  bus.subscribe(`logs:${container.tenantId}`, (data) => live.push(data))
  engine.logs = async function* (_id, since) {
    for (const entry of entries()) if (since === undefined || entry.at >= since) yield entry
  }
  const open = () => logCollector({ engine, tenantsDir, bus, log: pino({ level: 'silent' }), now: Date.now })
  const stored = (): LogLine[] => {
    const dir = join(tenantsDir, container.tenantId, 'logs')
    if (!existsSync(dir)) return []
    return readdirSync(dir)
      .sort()
      .flatMap((name) =>
        readFileSync(join(dir, name), 'utf8')
          .trim()
          .split('\n')
          .map((text) => JSON.parse(text)),
      )
  }
  return { container, open, stored, live, tenantsDir }
}

const entry = (n: number, text: string): LogEntry => ({
  stream: 'stdout',
  at: `2024-01-01T00:00:00.${String(n).padStart(9, '0')}Z`,
  data: Buffer.from(`${text}\n`),
})

t.test('after our own restart no line is lost and none is doubled', async (t) => {
  const all = [entry(1, 'a'), entry(2, 'b'), entry(2, 'c'), entry(3, 'd')]
  let said = all.slice(0, 2)
  const { container, open, stored, live } = collecting(t, () => said)
  await open().finish(container)
  t.same(
    stored().map((one) => one.message),
    ['a', 'b'],
  )
  said = all
  await open().finish(container)
  t.same(
    stored().map((one) => one.message),
    ['a', 'b', 'c', 'd'],
    'two lines of one instant are told apart',
  )
  t.equal(live.length, 4)
  t.notOk(
    live.some((one) => 'run' in (one as object)),
    'people see the words, not our book-keeping',
  )
})

t.test('a flood is cut to the allowance, and the loss is told', async (t) => {
  const flood = Array.from({ length: 50_000 }, (_, n) => entry(n + 1, 'x'))
  const { container, open, stored } = collecting(t, () => flood)
  await open().finish(container)
  const lines = stored()
  const kept = lines.filter((one) => one.stream === 'stdout').length
  const dropped = lines.reduce((sum, one) => sum + Number(one.fields.dropped ?? 0), 0)
  t.equal(kept + dropped, 50_000)
  t.ok(kept < 6_000, `${kept} kept`)
})

t.test('a full disk loses lines and nothing else', async (t) => {
  const { container, open, live, tenantsDir } = collecting(t, () => [entry(1, 'a')])
  const collector = open()
  // /dev/full answers ENOSPC to every write.
  const dir = join(tenantsDir, container.tenantId, 'logs')
  mkdirSync(dir, { recursive: true })
  symlinkSync('/dev/full', join(dir, '2024-01-01.jsonl'))
  await collector.finish(container)
  t.ok(collector.diskFull)
  t.equal(live.length, 1, 'who watches still sees them')
  await collector.probe()
  t.notOk(collector.diskFull, 'there is room elsewhere, so bots may be placed again')
})
