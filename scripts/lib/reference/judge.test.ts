import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { faultsOf, inTurn, isJudged } from "./judge.ts"
import { startTap, upstreamHeader, type Exchange } from "./tap.ts"

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A server that tells what it was asked, slowly when it is told to. */
async function startEcho(): Promise<string> {
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = []
    asked.on("data", (chunk: Buffer) => chunks.push(chunk))
    asked.on("end", () => {
      answer.writeHead(asked.url === "/no" ? 404 : 200, [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["content-type", "application/json"],
      ])
      if (asked.url === "/slow") {
        answer.write("first")
        return
      }
      answer.end(
        JSON.stringify({ url: asked.url, headers: asked.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function tapped() {
  const heard: Exchange[] = []
  const tap = await startTap((exchange) => heard.push(exchange))
  ends.push(tap.close)
  return { heard, tap: tap.address, upstream: await startEcho() }
}

describe("what stands between a client and a server", () => {
  it("passes on what it is sent and what comes back, and tells of it", async () => {
    const { heard, tap, upstream } = await tapped()
    const response = await fetch(`${tap}/a?b=%zz`, {
      method: "POST",
      body: "{ broken",
      headers: { [upstreamHeader]: upstream, authorization: "Bearer x", "content-type": "application/json" },
    })
    const told = (await response.json()) as { url: string; headers: Record<string, string>; body: string }
    expect(told).toMatchObject({ url: "/a?b=%zz", body: "{ broken" })
    expect(told.headers).toMatchObject({ host: new URL(upstream).host, authorization: "Bearer x" })
    expect(told.headers).not.toHaveProperty(upstreamHeader)
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"])
    expect(heard.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["POST", "/a?b=%zz", 200],
    ])
    expect(heard[0]!.asked.body.toString()).toBe("{ broken")
    expect(JSON.parse(heard[0]!.told.body.toString())).toEqual(told)
  })

  it("lets a stream through as it comes, and tells nothing of one that was left", async () => {
    const { heard, tap, upstream } = await tapped()
    const gone = new AbortController()
    const response = await fetch(`${tap}/slow`, {
      headers: { [upstreamHeader]: upstream },
      signal: gone.signal,
    })
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value!).toString()).toBe("first")
    gone.abort()
    await fetch(`${tap}/no`, { headers: { [upstreamHeader]: upstream } })
    expect(heard.map(({ path, status }) => [path, status])).toEqual([["/no", 404]])
  })
})

const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  method: "POST",
  path: "/api/v1/flows",
  status: 200,
  asked: { headers: [], body: Buffer.alloc(0) },
  told: { headers: [], body: Buffer.alloc(0) },
  ...more,
})
const inRequest = { location: ["request", "body", "name"], message: "must be string" }
const inResponse = { location: ["response", "body"], message: "must have required property 'id'" }
const nowhere = { location: ["request"], message: "Selected route not found" }

describe("what is wrong of what a validator says", () => {
  it("is whatever is wrong with an answer, and with a request that was taken", () => {
    expect(faultsOf(exchange(), [inRequest, inResponse])).toEqual([
      "request.body.name: must be string",
      "response.body: must have required property 'id'",
    ])
    expect(faultsOf(exchange({ status: 400 }), [inRequest, inResponse])).toEqual([
      "response.body: must have required property 'id'",
    ])
  })

  it("is an address that the document does not have and the server does", () => {
    expect(faultsOf(exchange({ status: 404 }), [nowhere])).toEqual([])
    expect(faultsOf(exchange({ status: 405 }), [nowhere])).toEqual([])
    expect(faultsOf(exchange(), [nowhere])).toEqual(["request: Selected route not found"])
    expect(faultsOf(exchange({ status: 401 }), [nowhere])).toEqual(["request: Selected route not found"])
  })

  it("is asked of the API alone, and of all of it", async () => {
    expect(isJudged(exchange())).toBe(true)
    expect(isJudged(exchange({ path: "/hooks/a/b" }))).toBe(false)
    expect(isJudged(exchange({ method: "HEAD" }))).toBe(false)
    expect(isJudged(exchange({ path: "/api/v1/flows/%E0%A4" }))).toBe(false)
    const seen: string[] = []
    const all = inTurn(async ({ path }) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      seen.push(path)
      if (path.endsWith("3")) throw new Error("gone")
      return path.endsWith("7") ? ["response: wrong"] : []
    })
    for (let i = 0; i < 20; i++) all.add(exchange({ path: `/api/v1/${i}` }))
    all.add(exchange({ path: "/login" }))
    const { judged, found } = await all.end()
    expect([judged, seen.length]).toEqual([20, 20])
    expect(found.sort()).toEqual([
      "POST /api/v1/13 200: was not judged: Error: gone",
      "POST /api/v1/17 200: response: wrong",
      "POST /api/v1/3 200: was not judged: Error: gone",
      "POST /api/v1/7 200: response: wrong",
    ])
  })
})
