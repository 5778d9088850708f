import { createServer } from "node:net"
import { Refusal } from "./progress.ts"

export const host = "127.0.0.1"

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false)
      else if (error.code === "EACCES")
        reject(new Refusal(`Port ${port} needs more rights than this user has; set PORT.`))
      else reject(error)
    })
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** The wanted port, or the first free one of the hundred after it. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port <= Math.min(wanted + 100, 65_535); port++) {
    if (await isFree(port)) return port
  }
  throw new Refusal(`Port ${wanted} and the ports after it are taken; set PORT to a free one.`)
}
