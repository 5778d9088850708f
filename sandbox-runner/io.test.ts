import { afterEach, expect, it, vi } from "vitest"
import { WebSocket } from "ws"
import { RunFrame } from "#core/contract/sandbox"
import { signed } from "../test/sandbox/kit/client.ts"
import { FakeBackend, type Step } from "../test/sandbox/kit/fake-backend.ts"
import { serve, type TestService } from "../test/sandbox/kit/service.ts"

// Real sockets and many of them: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

const open: TestService[] = []
afterEach(async () => {
  for (const service of open.splice(0)) await service.close()
})

async function running(...steps: Step[]) {
  const backend = new FakeBackend()
  const service = await serve(backend)
  open.push(service)
  const body = JSON.stringify({ language: "shell", code: JSON.stringify(steps), io: "open" })
  const res = await service.client.open("/v1/runs", { body, headers: { accept: "application/x-ndjson" } })
  const id = String(res.headers["x-run-id"])
  res.resume()
  const address = `${service.client.address.replace("http", "ws")}/v1/runs/${id}/io`
  return { ...service, backend, id, address }
}

function join(address: string, headers: Record<string, string> = { authorization: `Bearer ${signed()}` }) {
  const socket = new WebSocket(address, { headers })
  const frames: RunFrame[] = []
  socket.on("message", (data: Buffer) => frames.push(RunFrame.parse(JSON.parse(data.toString()))))
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  const closed = new Promise<number>((resolve) => socket.once("close", resolve))
  return {
    socket,
    frames,
    opened,
    closed,
    say: (up: unknown) => socket.send(typeof up === "string" ? up : JSON.stringify(up)),
  }
}

it("[IO1] carries input up and frames down until the run ends", async () => {
  const { address, backend } = await running({ echo: true }, { out: "bye" })
  const io = join(address)
  await io.opened
  io.say({ type: "stdin", d: "hello " })
  io.say({ type: "stdin", b64: Buffer.from("wörld").toString("base64") })
  io.say({ type: "resize", cols: 120, rows: 40 })
  io.say({ type: "signal", name: "SIGINT" })
  io.say({ type: "stdin_end" })
  expect(await io.closed).toBe(1000)
  const text = io.frames.map((frame) => (frame.type === "stdout" ? frame.d : "")).join("")
  expect(text).toBe("hello wörldbye")
  expect(io.frames.at(-1)).toMatchObject({ type: "exit", status: "ok" })
  expect([backend.sizes, backend.signals]).toEqual([[[120, 40]], ["SIGINT"]])
})

it("[IO2] a socket that comes later starts after any number", async () => {
  const { address } = await running({ out: "one" }, { wait: 10 }, { out: "two" }, { echo: true })
  const first = join(address)
  await expect.poll(() => first.frames.length).toBe(3)
  const second = join(`${address}?after=2`)
  await second.opened
  second.say({ type: "stdin_end" })
  await Promise.all([first.closed, second.closed])
  expect(second.frames).toEqual(first.frames.slice(2))
})

it("[IO3] closes on what is not its protocol, and the run goes on", async () => {
  const { address } = await running({ echo: true })
  const wrong = [
    "{",
    "[]",
    '{"type":"sudo"}',
    '{"type":"signal","name":"SIGSTOP"}',
    '{"type":"resize","cols":0,"rows":1}',
    "[".repeat(1_000),
  ]
  for (const message of wrong) {
    const io = join(address)
    await io.opened
    io.say(message)
    expect([message.slice(0, 30), await io.closed]).toEqual([message.slice(0, 30), 1008])
  }
  const binary = join(address)
  await binary.opened
  binary.socket.send(Buffer.from([1, 2, 3]))
  expect(await binary.closed).toBe(1008)
  const large = join(address)
  await large.opened
  large.say({ type: "stdin", d: "x".repeat(600_000) })
  expect(await large.closed).toBe(1009)
  const last = join(address)
  await last.opened
  last.say({ type: "stdin_end" })
  expect(await last.closed).toBe(1000)
})

it("[IO4] opens for nobody but the run's tenant, and for no page", async () => {
  const { address } = await running({ echo: true })
  const refusal = async (url: string, headers: Record<string, string>) => {
    const io = join(url, headers)
    const error = await io.opened.then(
      () => "opened",
      (one: unknown) => String(one),
    )
    return /\d{3}/.exec(error.replace(/run_\w+/, ""))?.[0] ?? error
  }
  const good = () => ({ authorization: `Bearer ${signed()}` })
  expect(await refusal(address, {})).toBe("401")
  expect(await refusal(address, { authorization: "Bearer x.y" })).toBe("401")
  expect(await refusal(address, { authorization: `Bearer ${signed({ tenant: "tenant_b" })}` })).toBe("404")
  expect(await refusal(address, { ...good(), origin: "https://evil.example" })).toBe("401")
  expect(await refusal(`${address}x`, good())).toBe("404")
  expect(await refusal(`${address}?after=-1`, good())).toBe("400")
  const io = join(address)
  await io.opened
  io.say({ type: "stdin_end" })
  expect(await io.closed).toBe(1000)
})

it("[IO5] a socket that reads nothing holds the program back, not the runner's memory", async () => {
  const { address, client } = await running({ wait: 100 }, { flood: 100_000_000 })
  const io = join(address)
  await io.opened
  const before = process.memoryUsage.rss()
  io.socket.pause()
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(process.memoryUsage.rss() - before).toBeLessThan(96_000_000)
  expect(
    (await client.run({ language: "shell", code: "[]" }, { claims: { tenant: "tenant_b" } })).status,
  ).toBe("ok")
  io.socket.terminate()
})
