import { connect, type Socket } from "node:net"
import { Unreachable } from "./resolver.ts"

const eachMs = 5_000
const mostTries = 3

/** Connects to the first of these addresses that answers. Throws Unreachable. */
export async function dial(addresses: readonly string[], port: number): Promise<Socket> {
  for (const address of addresses.slice(0, mostTries)) {
    const socket = await attempt(address, port)
    if (socket !== undefined) return socket
  }
  throw new Unreachable("no_connection")
}

function attempt(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    // An address, never a name: nothing is resolved a second time.
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true })
    const settle = (answer: Socket | undefined): void => {
      clearTimeout(timer)
      socket.off("error", onError)
      if (answer === undefined) socket.destroy()
      resolve(answer)
    }
    const onError = (): void => {
      socket.on("error", () => {})
      settle(undefined)
    }
    const timer = setTimeout(onError, eachMs)
    socket.once("error", onError)
    socket.once("connect", () => settle(socket))
  })
}
