// forwarder.mjs SOCKET PORT: inside a sandbox, the way from 127.0.0.1:PORT to the runner's proxy. It is as untrusted as the program:
// what may be called is decided at the other end of SOCKET.
import { connect, createServer } from "node:net"

const [socketPath, port] = process.argv.slice(2)

const server = createServer({ allowHalfOpen: true }, (client) => {
  const proxy = connect({ path: socketPath, allowHalfOpen: true })
  const end = () => {
    client.destroy()
    proxy.destroy()
  }
  client.on("error", end)
  proxy.on("error", end)
  client.pipe(proxy)
  proxy.pipe(client)
})
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"))
