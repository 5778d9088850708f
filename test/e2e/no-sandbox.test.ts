import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { toolsApi } from "#core/contract/tools"
import { commandOf } from "#test/kit/processes"
import { startFresh, type Server } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { chain, execute, publish, register, unique } from "./kit/world.ts"

/** What is looked for among the processes of this machine: nothing else of this run has it. */
const mark = `no-sandbox-${crypto.randomUUID()}`
/** Names of the programs that would be run; each would write the mark where anybody sees it, and stay. */
const programs = {
  python: `import time\nprint("${mark}")\ntime.sleep(20)`,
  node: `console.log("${mark}"); setTimeout(() => {}, 20_000)`,
  bash: `echo ${mark}; sleep 20`,
} as const

/** A path that has every program of this machine's but bubblewrap. */
function pathWithout(folder: string, name: string): string {
  for (const each of (process.env["PATH"] ?? "").split(delimiter)) {
    let names: string[] = []
    try {
      names = readdirSync(each)
    } catch {
      continue
    }
    for (const one of names.filter((found) => found !== name)) {
      try {
        symlinkSync(join(each, one), join(folder, one))
      } catch {
        // An earlier folder of the path has it.
      }
    }
  }
  return folder
}

/** The processes of this machine that were started by anybody's program. */
const marked = (): string[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => {
      try {
        const files = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]
        return files.some((file) => readFileSync(file, "utf8").includes(mark))
      } catch {
        return false
      }
    })
    .map((pid) => commandOf(Number(pid)))

let server: Server
let admin: Client
let end = (): Promise<void> => Promise.resolve()
const folder = mkdtempSync(join(tmpdir(), "edgecrew-path-"))
/** Every command that was seen below the server and was not there when it was ready. */
const seen = new Set<string>()
let watch: NodeJS.Timeout

beforeAll(async () => {
  const settings = { EDGECREW_SANDBOX: "1", PATH: pathWithout(folder, "bwrap") }
  const started = await startFresh({ settings })
  ;({ server, end } = started)
  admin = (await register(await Client.of(server.address))).admin
  const known = new Set(server.tree())
  watch = setInterval(() => {
    for (const pid of server.tree().filter((one) => !known.has(one))) seen.add(commandOf(pid))
  }, 20)
})
afterAll(async () => {
  clearInterval(watch)
  await end()
  rmSync(folder, { recursive: true, force: true })
})

const toolOf = async (execution_config: object, kind = "container"): Promise<string> => {
  const body = {
    kind,
    name: unique("stray").replaceAll("-", "_"),
    description: "Runs a program",
    input_schema: { type: "object", properties: {} },
    execution_config,
  }
  return (await admin.ask(toolsApi.create.reply, "POST", "/tools", { body })).tool.id
}

describe("without the program that isolates", () => {
  it("[NS1] the server starts, and says what is missing and how to install it", () => {
    expect(server.output).toMatch(
      /no sandbox: bubblewrap or python3 is missing \(Debian: sudo apt-get install bubblewrap/,
    )
    expect(server.output).not.toContain("programs run in a sandbox")
  })

  it.each(Object.entries(programs))(
    "[NS2] a %s tool answers that there is no sandbox, and what to do",
    async (runtime, source) => {
      const id = await toolOf({ runtime, source, timeout_seconds: 25 })
      const called = await admin.send("POST", `/tools/${id}/invoke`, {
        body: { input: {} },
        headers: { prefer: "wait=30" },
      })
      expect(called.headers.get("content-type")).toContain("application/problem+json")
      expect([called.status, problemOf(called).code]).toEqual([503, "sandbox.unavailable"])
      expect(problemOf(called).detail).toMatch(/install bubblewrap .*docs\/sandbox\.md/)
      const judged = await admin.ask(toolsApi.validate.reply, "POST", `/tools/${id}/validate`)
      expect(judged.valid).toBe(false)
      expect(judged.findings).toMatchObject([{ code: "sandbox.unavailable", severity: "error" }])
    },
  )

  it("[NS3] a function answers so too: workerd on a machine of our own limits none", async () => {
    const id = await toolOf({ source: `export default () => "${mark}"` }, "isolate")
    const called = await admin.send("POST", `/tools/${id}/invoke`, { body: { input: {} } })
    expect([called.status, problemOf(called).code]).toEqual([503, "sandbox.unavailable"])
  })

  it.each([...Object.entries(programs), ["code", `export default () => "${mark}"`]])(
    "[NS4] a flow with a %s step fails, by that code",
    async (runtime, source) => {
      const step =
        runtime === "code"
          ? { type: "code", data: { source } }
          : { type: "tool", data: { tool_id: await toolOf({ runtime, source }) } }
      const flow = await publish(admin, {
        name: unique("Stray"),
        ...chain(
          { id: "input", type: "input", data: {} },
          { id: "step", ...step },
          { id: "output", type: "output", data: {} },
        ),
      })
      const { status, error } = await execute(admin, flow, {})
      expect([status, error]).toMatchObject([
        "failed",
        {
          code: "sandbox.unavailable",
          node_id: "step",
          message: expect.stringContaining("install bubblewrap"),
        },
      ])
    },
  )

  it("[NS5] nothing was started anywhere", () => {
    expect(marked()).toEqual([])
    expect([...seen]).toEqual([])
  })
})
