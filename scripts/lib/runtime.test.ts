import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, host } from "./ports.ts"
import { Runtime, type RuntimeOptions } from "./runtime.ts"

/** Counts in an object's SQLite, streams, echoes on a WebSocket, and remembers which clients went away. */
const script = (greeting: string): string => `
  import { DurableObject } from "cloudflare:workers"
  export class Counter extends DurableObject {
    next() {
      const sql = this.ctx.storage.sql
      sql.exec("CREATE TABLE IF NOT EXISTS n (n INTEGER)")
      sql.exec("INSERT INTO n VALUES (1)")
      return sql.exec("SELECT count(*) AS n FROM n").one().n
    }
  }
  let gone = 0
  export default {
    async fetch(request, env, context) {
      const path = new URL(request.url).pathname
      if (path === "/next") return new Response(await env.COUNTER.get(env.COUNTER.idFromName("one")).next())
      if (path === "/gone") return new Response(String(gone))
      if (path === "/socket") {
        const [client, server] = Object.values(new WebSocketPair())
        server.accept()
        server.addEventListener("message", ({ data }) => server.send("echo " + data))
        return new Response(null, { status: 101, webSocket: client })
      }
      if (path === "/stream") {
        const { readable, writable } = new TransformStream()
        const writer = writable.getWriter()
        const ticks = async () => {
          for (;;) {
            await writer.write(new TextEncoder().encode("tick"))
            await scheduler.wait(50)
          }
        }
        context.waitUntil(ticks().catch(() => gone++))
        return new Response(readable)
      }
      return new Response("${greeting} " + env.SECRET)
    },
  }`

const worker = (greeting: string): RuntimeOptions["worker"] => ({
  name: "probe",
  compatibilityDate: "2026-10-01",
  modules: [{ type: "ESModule", path: "index.js", contents: script(greeting) }],
  durableObjects: { COUNTER: { className: "Counter", useSQLite: true } },
})

describe("workerd under supervision", () => {
  const data = mkdtempSync(join(tmpdir(), "edgecrew-runtime-"))
  const deaths: string[] = []
  let recoveries = 0
  let address = ""
  let pid = 0
  const runtime = new Runtime({
    worker: worker("hello"),
    bindings: { SECRET: "world" },
    data,
    onError: (message) => expect.unreachable(message),
    onDeath: (cause) => deaths.push(cause),
    onRecovery: () => recoveries++,
    onSpawn: (spawned) => (pid = spawned),
  })
  const get = async (path: string): Promise<string> => (await fetch(address + path)).text()

  beforeAll(async () => {
    const port = await freePort(8960)
    await runtime.start(port)
    address = `http://${host}:${port}`
  })
  afterAll(async () => {
    await runtime.stop()
    rmSync(data, { recursive: true, force: true })
  })

  it("answers with its bindings", async () => {
    expect(await get("/")).toBe("hello world")
  })

  it("streams as it writes, and learns that a client went away", async () => {
    const abort = new AbortController()
    const response = await fetch(`${address}/stream`, { signal: abort.signal })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toMatch(/^(?:tick)+$/)
    abort.abort()
    await expect.poll(() => get("/gone"), { timeout: 3000 }).toBe("1")
  })

  it("speaks WebSocket", async () => {
    const socket = new WebSocket(`${address.replace("http", "ws")}/socket`)
    const said = new Promise((resolve) =>
      socket.addEventListener("message", ({ data: text }) => resolve(text)),
    )
    socket.addEventListener("open", () => socket.send("one"))
    expect(await said).toBe("echo one")
    socket.close()
  })

  it("serves again after SIGKILL, at the same address, with what was stored", async () => {
    expect(await get("/next")).toBe("1")
    process.kill(pid, "SIGKILL")
    await expect.poll(() => recoveries, { timeout: 5000 }).toBe(1)
    expect(deaths).toEqual(["SIGKILL"])
    expect(await get("/next")).toBe("2")
  })

  it("serves again when it is killed while it starts again", async () => {
    const before = recoveries
    const first = pid
    process.kill(first, "SIGKILL")
    await expect.poll(() => pid, { timeout: 5000, interval: 1 }).not.toBe(first)
    process.kill(pid, "SIGKILL")
    await expect.poll(() => recoveries, { timeout: 5000 }).toBeGreaterThan(before)
    expect(Number(await get("/next"))).toBeGreaterThan(2)
  })

  it("a reload serves another Worker with the same data, and is no death", async () => {
    const before = deaths.length
    const count = Number(await get("/next"))
    await runtime.reload(worker("good day"))
    expect(await get("/")).toBe("good day world")
    expect(await get("/next")).toBe(String(count + 1))
    expect(deaths.length).toBe(before)
  })

  it("leaves no process when it is stopped", async () => {
    await runtime.stop()
    await sleep(50)
    expect(() => process.kill(pid, 0)).toThrow("ESRCH")
  })
})
