/** The baseline of GET /bot/status: Fastify, one route, one read by primary key. Tells its address to its parent and ends with it. */
import Fastify from 'fastify'
import postgres from 'postgres'

const url = process.env.DATABASE_URL
if (!url) throw new Error('DATABASE_URL is not set')
const sql = postgres(url, { max: 10 })
const app = Fastify()
app.get<{ Params: { id: string } }>('/bots/:id', async ({ params }) => {
  const [row] = await sql`
    select tenant_id, desired_state, generation, epoch, hold, config_version, conditions from bots where tenant_id = ${params.id}`
  return row
})
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ address })
process.once('disconnect', () => process.exit(0))
