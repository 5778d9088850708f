import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { closedNetworks, isPublicAddress } from "../../core/address.ts"
import { freePort, host } from "./ports.ts"
import { Runtime } from "./runtime.ts"

// workerd is started, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const script = `
  export default {
    fetch: (request, env) => env.PUBLIC_NETWORK.fetch(new URL(request.url).searchParams.get("url")),
  }`

const data = mkdtempSync(join(tmpdir(), "edgecrew-network-"))
const errors: string[] = []
const runtime = new Runtime({
  worker: {
    name: "probe",
    compatibilityDate: "2026-10-01",
    modules: [{ type: "ESModule", path: "index.js", contents: script }],
  },
  bindings: {},
  data,
  onError: (message) => errors.push(message),
  onDeath: () => {},
  onRecovery: () => {},
})
let address = ""
let canary: Server
let canaryPort = 0
let packets = 0

beforeAll(async () => {
  canary = createServer((socket) => {
    packets++
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nin")
  })
  // On both families, so that ::1 and every address of 127.0.0.0/8 lead there.
  canary.listen(0, "::")
  await once(canary, "listening")
  const bound = canary.address()
  canaryPort = typeof bound === "object" && bound ? bound.port : 0
  const port = await freePort(8990)
  await runtime.start(port)
  address = `http://${host}:${port}`
})
afterAll(async () => {
  await runtime.stop()
  canary.close()
  rmSync(data, { recursive: true, force: true })
})

const call = async (url: string): Promise<number> =>
  (await fetch(`${address}/?url=${encodeURIComponent(url)}`)).status

/** An address inside a network such as `10.0.0.0/8`. */
function within(network: string): string {
  const [base = "", bits] = network.split("/")
  if (base.includes(":")) return `[${base.replace(/0?$/, "1")}]`
  return bits === "32" ? base : base.replace(/\d+$/, "1")
}

it("[A5] the network of judged calls dials no address of this machine, its neighbours or the special blocks", async () => {
  expect(closedNetworks.length).toBeGreaterThan(30)
  for (const network of closedNetworks) {
    const target = within(network)
    expect([network, isPublicAddress(target.replace(/^\[|\]$/g, ""))]).toEqual([network, false])
    errors.length = 0
    expect([network, await call(`http://${target}:${canaryPort}/`)]).toEqual([network, 500])
    await vi.waitFor(() => expect(errors.join("\n")).toContain("is not allowed"), 5_000)
  }
})

it("[A5] nor by a name that leads to one", async () => {
  for (const name of ["localhost", "localhost."])
    expect(await call(`http://${name}:${canaryPort}/`)).toBe(500)
  expect(packets).toBe(0)
})

it("the canary would have told", async () => {
  expect((await fetch(`http://127.0.0.1:${canaryPort}/`)).status).toBe(200)
  expect((await fetch(`http://[::1]:${canaryPort}/`)).status).toBe(200)
  expect(packets).toBe(2)
})
