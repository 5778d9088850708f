import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { host } from "../ports.ts"

/** A request and what was answered to it, byte for byte. */
export interface Exchange {
  method: string
  /** With its query, as it was sent. */
  path: string
  status: number
  /** What was sent. */
  asked: { headers: string[]; body: Buffer }
  /** What came back. */
  told: { headers: string[]; body: Buffer }
}

/** Names the server that a request is for. */
export const upstreamHeader = "x-tap-upstream"

/** A header's name and value follow each other in a list of the headers, as Node has them. */
function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.has(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!)
  }
  return kept
}

/** Headers of one connection; the next has its own. */
export const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding"])

function copyOf(stream: IncomingMessage): Buffer[] {
  const chunks: Buffer[] = []
  stream.on("data", (chunk: Buffer) => chunks.push(chunk))
  return chunks
}

/**
 * Stands between a client and a server: passes on every byte as it comes, whatever it says, and hands each whole exchange to
 * `hear`. An answer that somebody left before its end is none.
 */
export async function startTap(
  hear: (exchange: Exchange) => void,
): Promise<{ address: string; close: () => Promise<void> }> {
  const pass = (from: IncomingMessage, to: ServerResponse): void => {
    const upstream = new URL(String(from.headers[upstreamHeader]))
    const headers = without(from.rawHeaders, new Set([...hopByHop, "host", upstreamHeader]))
    const asked = copyOf(from)
    const onward = request(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: from.method,
        path: from.url,
        headers: ["Host", upstream.host, ...headers],
        agent: false,
      },
      (answer) => {
        const told = copyOf(answer)
        to.writeHead(answer.statusCode ?? 502, without(answer.rawHeaders, hopByHop))
        to.flushHeaders()
        answer.pipe(to)
        answer.once("error", () => to.destroy())
        answer.once("end", () =>
          hear({
            method: from.method ?? "",
            path: from.url ?? "",
            status: answer.statusCode ?? 0,
            asked: { headers, body: Buffer.concat(asked) },
            told: { headers: answer.rawHeaders, body: Buffer.concat(told) },
          }),
        )
      },
    )
    onward.once("error", () => to.destroy())
    to.once("close", () => onward.destroy())
    from.pipe(onward)
  }
  const server = createServer(pass)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
