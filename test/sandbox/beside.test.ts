import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, it } from "vitest"
import * as z from "zod"
import { at } from "../../scripts/lib/paths.ts"
import { Client, signed } from "./kit/client.ts"
import { familyOf, leftOf } from "./kit/host.ts"

const Said = z.object({
  bindings: z.object({ SANDBOX_URL: z.string(), SANDBOX_SECRET: z.string().optional() }),
  told: z.string(),
})
const children: { child: ChildProcess; state: string }[] = []
afterEach(async () => {
  for (const { child, state } of children.splice(0)) {
    const family = familyOf(child.pid ?? 0).map(({ pid }) => pid)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM")
    await leftOf(family)
    rmSync(state, { recursive: true, force: true })
  }
})

/** The sandbox as `npm start` opens it. */
async function open(env: Record<string, string> = {}) {
  const state = mkdtempSync(join(tmpdir(), "edgecrew-beside-"))
  const child = spawn(process.execPath, [at("test/sandbox/kit/beside.ts")], {
    cwd: at(),
    env: { PATH: process.env["PATH"], EDGECREW_STATE: state, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push({ child, state })
  const [line] = (await once(child.stdout, "data")) as [Buffer]
  return { child, pid: child.pid ?? 0, ...Said.parse(JSON.parse(line.toString())) }
}
const run = { language: "shell", code: "echo hello" }
const runnerOf = (pid: number): number =>
  familyOf(pid).find(({ command }) => command.includes("sandbox-runner/main.ts"))?.pid ?? 0

it("[BS1] runs programs for whoever has the key made for this start, and starts again when it dies", async () => {
  const { bindings, told, pid } = await open()
  expect(told).toBe("programs run in a sandbox of their own")
  const client = new Client(bindings.SANDBOX_URL)
  const key = bindings.SANDBOX_SECRET ?? ""
  const call = () => {
    const body = JSON.stringify(run)
    return client.call("/v1/runs", { body, token: signed({ aud: "sandbox-runner" }, body, key) })
  }
  expect((await call()).text).toContain("hello")
  expect((await client.call("/v1/runs", { body: JSON.stringify(run) })).status).toBe(401)
  const first = runnerOf(pid)
  process.kill(first, "SIGKILL")
  await expect
    .poll(
      () =>
        call().then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 40_000, interval: 250 },
    )
    .toBe(200)
  expect(runnerOf(pid)).not.toBe(first)
})

it("[BS2] ends with whoever started it, also by SIGKILL, and leaves no process", async () => {
  const { child, pid } = await open()
  const family = familyOf(pid).map((one) => one.pid)
  expect(family.length).toBeGreaterThan(2)
  child.kill("SIGKILL")
  expect(await leftOf(family, 20_000)).toEqual([])
})

it("[BS3] without bubblewrap it says what to install, and the Worker is told that there is none", async () => {
  const empty = join(tmpdir(), `edgecrew-none-${process.pid}`)
  mkdirSync(empty, { recursive: true })
  const { bindings, told } = await open({ PATH: empty })
  expect(bindings).toEqual({ SANDBOX_URL: "" })
  expect(told).toMatch(
    /^no sandbox: bubblewrap or python3 is missing \(Debian: sudo apt-get install bubblewrap /,
  )
  rmSync(empty, { recursive: true })
})

it("[BS4] is somebody else's, or none, when the settings say so", async () => {
  const secret = "k".repeat(40)
  const given = await open({ SANDBOX_URL: "http://127.0.0.1:1/", SANDBOX_SECRET: secret })
  expect(given.bindings).toEqual({ SANDBOX_URL: "http://127.0.0.1:1", SANDBOX_SECRET: secret })
  expect(given.told).not.toContain(secret)
  const none = await open({ EDGECREW_SANDBOX: "0" })
  expect(none.bindings).toEqual({ SANDBOX_URL: "" })
  expect(familyOf(none.pid)).toHaveLength(1)
})
