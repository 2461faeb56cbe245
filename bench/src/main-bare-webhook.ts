/** The baseline of the webhook: Fastify, one route, the raw body read and forgotten. Tells its address to its parent and ends with it. */
import Fastify from 'fastify'

const app = Fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
app.post('/webhook', async () => ({ received: true }))
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ address })
process.once('disconnect', () => process.exit(0))
