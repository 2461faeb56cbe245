/** In a bot's place: takes messages from the socket that is mounted, reads each and acknowledges it. Bundled into the bare image. */
import { WebSocket } from 'ws'

const socket = new WebSocket('ws+unix:///run/sath/bot.sock:/', { perMessageDeflate: false })
socket.on('open', () => process.stdout.write('connected\n'))
socket.on('message', (data) => {
  const message = JSON.parse(String(data)) as { candle: { time: number } }
  socket.send(JSON.stringify({ type: 'acknowledged', candleTime: message.candle.time }))
})
socket.on('close', () => process.exit(0))
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
