import type { Wire } from "./window.ts"

/** A socket of workerd as windows speak over it. */
export function wireOf(response: Response): Wire {
  const socket = response.webSocket
  if (!socket) throw new Error(`The canvas answered ${response.status}`)
  socket.binaryType = "arraybuffer"
  return {
    send: (data) => socket.send(data),
    close: (code) => socket.close(code),
    onMessage: (hear) => {
      socket.addEventListener("message", ({ data }) =>
        hear(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer)),
      )
      socket.accept()
    },
    onClose: (gone) => socket.addEventListener("close", ({ code }) => gone(code)),
  }
}
