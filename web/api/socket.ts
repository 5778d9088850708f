import { authApi } from "#core/contract/auth"
import type { Endpoint } from "#core/contract/endpoint"
import { addressOf, call, type CallInput } from "./call.ts"

/** An open socket, as whoever talks over it needs it. */
export type Wire = {
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(): void
  /** Words are strings, frames bytes. */
  onMessage(hear: (data: string | Uint8Array) => void): void
  /** By the server, by us, or because the line broke (1006). */
  onClose(gone: (code: number) => void): void
}

/**
 * Opens the socket of an endpoint, with a ticket, since a browser can give a socket no token. Resolves once it is open; throws
 * the server's Failure when there is no ticket, and an Error when the socket does not open.
 */
export async function openSocket<const E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Wire> {
  const loose: { params?: object | undefined; query?: object | undefined } = input
  const resource = addressOf(endpoint, loose.params)
  const { ticket } = await call(authApi.ticket, { body: { resource } })
  const url = new URL(addressOf(endpoint, loose.params, { ...loose.query, ticket }), location.href)
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:"
  return connected(new WebSocket(url))
}

/** Resolves when a socket is open. What it hears before anybody listens is kept for them. */
export function connected(socket: WebSocket): Promise<Wire> {
  socket.binaryType = "arraybuffer"
  const early: (string | Uint8Array)[] = []
  let hear = (data: string | Uint8Array): void => void early.push(data)
  let gone: (code: number) => void = () => undefined
  let code: number | undefined
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) =>
    hear(typeof data === "string" ? data : new Uint8Array(data)),
  )
  const wire: Wire = {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
    },
    close: () => socket.close(),
    onMessage: (listener) => {
      hear = listener
      for (const data of early.splice(0)) listener(data)
    },
    onClose: (listener) => {
      gone = listener
      if (code !== undefined) listener(code)
    },
  }
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(wire))
    socket.addEventListener("close", (event) => {
      code = event.code
      reject(new Error("The live connection could not be opened."))
      gone(code)
    })
  })
}
