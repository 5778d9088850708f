import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import type { ExecutionEvent } from "#core/execution/event"
import { isJsonObject } from "#core/json"
import { isRoot } from "#test/sandbox/kit/host"
import { watch } from "./kit/stream.ts"
import { clocks, node, notYet, python, shell, stubborn } from "./kit/tool-programs.ts"
import {
  answer,
  credentialOf,
  processesWith,
  programTool,
  questionOf,
  setToolStage,
  shopTools,
  strangersTool,
  toolNode,
  untilProcesses,
  type ToolStage,
} from "./kit/tool-stage.ts"
import { chain, create, execute, journal, look, publish, settled, start, unique } from "./kit/world.ts"

let stage: ToolStage
let shop: { look: string; change: string }
let stranger: string
beforeAll(async () => {
  stage = await setToolStage()
  shop = await shopTools(stage, "shop")
  stranger = await strangersTool(stage)
})
afterAll(() => stage.strike())

const input = { id: "input", type: "input", data: {} }
const output = (value: string) => ({ id: "result", type: "output", data: { value } })
const flowOf = (...steps: Parameters<typeof chain>) => ({ name: unique("Tools"), ...chain(...steps) })

type Printed = Extract<ExecutionEvent, { type: "tool.log" | "node.log" }>
const printedBy = (events: readonly ExecutionEvent[], node: string): Printed[] =>
  events.filter(
    (one): one is Printed =>
      (one.type === "tool.log" || one.type === "node.log") &&
      one.node_id === node &&
      one.data.stream !== undefined,
  )
const textBy = (events: readonly ExecutionEvent[], node: string): string =>
  printedBy(events, node)
    .map((one) => one.data.message)
    .join("")
const reply = executionsApi.execute.reply

describe("six kinds of tools in one flow", () => {
  it("[TF1] pass on to each other what they come to, and ask a person where one is risky", async () => {
    const { admin } = stage.tenant
    const secret = unique("sk")
    const credential = await credentialOf(stage, secret)
    const adds = await programTool(stage, "python", {
      source: python,
      schema: { amounts: { type: "array", items: { type: "number" } } },
      config: { env: { SHOP_KEY: "{{ credentials.shop }}" } },
      more: { credentials: { shop: credential } },
    })
    const doubles = await programTool(stage, "node", { source: node, schema: { sum: { type: "number" } } })
    const names = await programTool(stage, "bash", { source: shell, schema: { n: { type: "integer" } } })
    const loud = await programTool(stage, "isolate", {
      source: `export default ({ text }) => { console.log("shouting"); return text.toUpperCase() }`,
      schema: { text: { type: "string" } },
    })
    const flow = await publish(
      admin,
      flowOf(
        input,
        toolNode("adds", adds, { amounts: "{{ input.amounts }}" }),
        toolNode("doubles", doubles, { sum: "{{ nodes.adds.sum }}" }),
        toolNode("names", names, { n: "{{ nodes.doubles.doubled }}" }),
        toolNode("order", shop.look, { id: "{{ nodes.names.order }}", fields: ["status"] }),
        toolNode("stranger", stranger, { order: "{{ nodes.names.order }}" }),
        toolNode("loud", loud, { text: "{{ nodes.stranger }}" }),
        {
          id: "counts",
          type: "code",
          data: { source: `export default (said) => { console.log("counting"); return said.length }` },
        },
        output(
          `{{ { "sum": nodes.adds.sum, "path": nodes.order.path, "said": nodes.loud, "length": nodes.counts, "files": nodes.adds.artifacts.path } }}`,
        ),
      ),
    )
    const id = await start(admin, flow, { amounts: [10.5, 10.5] })
    const asked = await questionOf(stage, id)
    expect(asked).toMatchObject({ node_id: "ask", scope: "stranger", title: "Call find_order?" })
    expect(asked.message).toContain('"order": "A-42"')
    expect(stage.mcp.methods()).not.toContain("tools/call")
    await answer(stage, asked, "allow")

    const ended = await settled(admin, id)
    expect(ended.error).toBeNull()
    const said = "ORDER A-42 IS ON ITS WAY"
    expect(ended.outputs).toEqual({
      sum: 21,
      path: "/echo/orders/A-42",
      said,
      length: said.length,
      files: "amounts.csv",
    })
    expect(stage.mcp.methods().filter((one) => one === "tools/call")).toHaveLength(1)
    const events = await journal(admin, id)
    expect(textBy(events, "adds")).toMatch(/^adding up 2 amounts with \[secret\]\n/)
    expect(printedBy(events, "adds").map((one) => one.data.stream)).toContain("stderr")
    expect(textBy(events, "names")).toContain('heard {"n":42}')
    expect(textBy(events, "loud")).toBe("shouting\n")
    expect(textBy(events, "counts")).toBe("counting\n")
    const { nodes, logs } = await look(admin, id)
    expect(JSON.stringify([events, nodes, logs, ended])).not.toContain(secret)
  })

  it("[TF2] leave files that are fetched by whoever may read the execution, and by nobody else", async () => {
    const { admin } = stage.tenant
    const leaves = await programTool(stage, "python", {
      source: `import json, os
os.makedirs("/box/out/a", exist_ok=True)
open("/box/out/a/page.html", "w").write("<script>alert(1)</script>")
print(json.dumps({"left": True}))
`,
    })
    const flow = await publish(admin, flowOf(input, toolNode("leaves", leaves), output("{{ nodes.leaves }}")))
    const { outputs } = await execute(admin, flow, {})
    const files = isJsonObject(outputs) ? (outputs["artifacts"] as { path: string; url: string }[]) : []
    expect(files).toEqual([{ path: "a/page.html", size: 25, url: expect.stringMatching(/^\/api\/v1\//) }])
    const file = await admin.open("GET", files[0]!.url)
    expect(await file.text()).toBe("<script>alert(1)</script>")
    expect(file.headers.get("content-disposition")).toMatch(/^attachment;.*page\.html/)
    expect(file.headers.get("content-type")).toBe("application/octet-stream")
    expect((await admin.as(undefined).open("GET", files[0]!.url)).status).toBe(401)
  })

  it("[TF3] do nothing when the person refuses", async () => {
    const { admin } = stage.tenant
    const { change } = await shopTools(stage, "careful", true)
    const flow = await publish(
      admin,
      flowOf(input, toolNode("change", change, { id: "R-1", note: "x" }), output("{{ nodes.change }}")),
    )
    const id = await start(admin, flow, {})
    await answer(stage, await questionOf(stage, id), "refuse", { comment: "Not this one." })
    const { status, error } = await settled(admin, id)
    expect([status, error?.code]).toEqual(["failed", "tool.refused"])
    expect(error?.message).toContain("Not this one.")
    expect(stage.api.received.filter(({ path }) => path.endsWith("/R-1"))).toEqual([])
  })
})

describe("what a program prints", () => {
  it("[TF4] is heard while it goes on: each line before the next one is written", async () => {
    const { admin } = stage.tenant
    const runtimes = Object.keys(clocks) as (keyof typeof clocks)[]
    const tools = await Promise.all(
      runtimes.map((runtime) => programTool(stage, runtime, { source: clocks[runtime] })),
    )
    const nodes = runtimes.map((runtime, i) => toolNode(runtime, tools[i]!))
    const code = {
      id: "code",
      type: "code",
      data: {
        source: `export default async () => {
  for (let i = 0; i < 3; i++) { console.log("tick", Date.now()); await new Promise((go) => setTimeout(go, 1500)) }
  return { done: true }
}`,
      },
    }
    const flow = await publish(admin, flowOf(input, ...nodes, code, output("{{ nodes }}")))
    const id = await start(admin, flow, {})
    const heard: { node: string; written: number; heard: number }[] = []
    const events = await watch(admin, id, {
      until: (event) => {
        if (
          printedBy(
            [event],
            event.type === "tool.log" || event.type === "node.log" ? (event.node_id ?? "") : "",
          ).length > 0
        ) {
          const { node_id, data } = event as Printed
          for (const [, at] of data.message.matchAll(/^tick (\d+)$/gm))
            heard.push({ node: node_id ?? "", written: Number(at), heard: Date.now() })
        }
        return event.type === "execution.succeeded" || event.type === "execution.failed"
      },
    })
    expect(events.at(-1)?.type).toBe("execution.succeeded")
    for (const name of [...runtimes, "code"]) {
      const ticks = heard.filter((one) => one.node === name)
      expect(ticks).toHaveLength(3)
      for (const [i, tick] of ticks.slice(0, 2).entries())
        expect([name, i, tick.heard < ticks[i + 1]!.written]).toEqual([name, i, true])
    }
  })
})

describe("a flow that is cancelled in the middle of programs", () => {
  it("[TF5] ends their whole trees, and nothing comes after", async () => {
    const { admin } = stage.tenant
    const mark = String(3_000 + Math.random()).slice(0, 14)
    const stays = await programTool(stage, "bash", {
      source: stubborn(mark),
      config: { timeout_seconds: 55 },
    })
    const mark2 = String(4_000 + Math.random()).slice(0, 14)
    const sleeps = await programTool(stage, "python", {
      source: `import subprocess, sys\nprint("started", flush=True)\nsubprocess.run(["sleep", "${mark2}"])\nprint('{}')\n`,
      config: { timeout_seconds: 55 },
    })
    const steps = flowOf(
      input,
      toolNode(
        "stays",
        stays,
        {},
        {
          on_error: "continue",
          retry: { max_attempts: 3, backoff_ms: 0, on: ["tool.", "step.", "sandbox."] },
        },
      ),
      toolNode("change", shop.change, { id: "C-1", note: "too late" }),
      output("{{ nodes }}"),
    )
    const beside = { ...toolNode("sleeps", sleeps), position: { x: 240, y: 120 } }
    const flow = await publish(admin, {
      ...steps,
      nodes: [...steps.nodes, beside],
      edges: [
        ...steps.edges,
        { id: "a", source: "input", target: "sleeps" },
        { id: "b", source: "sleeps", target: "change" },
      ],
    })
    const id = await start(admin, flow, {})
    await untilProcesses(mark, (count) => count >= 4)
    await untilProcesses(mark2, (count) => count >= 1)
    await admin.ask(executionsApi.cancel.reply, "POST", `/executions/${id}/cancel`)
    const ended = await settled(admin, id)
    expect(ended.status).toBe("cancelled")
    // It says so when they are gone, not before.
    expect([...processesWith(mark), ...processesWith(mark2)]).toEqual([])
    const { last_seq } = ended
    await sleep(1_500)
    const events = await journal(admin, id)
    expect([events.at(-1)?.type, events.length]).toEqual(["execution.cancelled", last_seq])
    expect(processesWith(mark)).toEqual([])
    expect(stage.api.received.filter(({ path }) => path.endsWith("/C-1"))).toEqual([])
  })

  it("[TF6] withdraws its question, and the call that it was about is not made", async () => {
    const { admin } = stage.tenant
    const before = stage.mcp.methods().filter((one) => one === "tools/call").length
    const flow = await publish(
      admin,
      flowOf(input, toolNode("stranger", stranger, { order: "Z-9" }), output("{{ nodes }}")),
    )
    const id = await start(admin, flow, {})
    const asked = await questionOf(stage, id)
    await admin.ask(executionsApi.cancel.reply, "POST", `/executions/${id}/cancel`)
    expect((await settled(admin, id)).status).toBe("cancelled")
    const late = await admin.send("POST", `/executions/${id}/approvals/${asked.id}`, {
      body: { button: "allow" },
    })
    expect(late.status).toBe(409)
    expect(stage.mcp.methods().filter((one) => one === "tools/call")).toHaveLength(before)
  })
})

describe("a program that fails", () => {
  const schema = { ready_at: { type: "number" } }

  it("[TF7] is tried again as its step says, and what comes before it is not", async () => {
    const { admin } = stage.tenant
    const waits = await programTool(stage, "python", { source: notYet, schema })
    const retry = { max_attempts: 10, backoff_ms: 1_000, factor: 1, on: ["tool.exit"] }
    const flow = await publish(
      admin,
      flowOf(
        input,
        toolNode("order", shop.look, { id: "T-7" }),
        toolNode("waits", waits, { ready_at: "{{ input.ready_at }}" }, { retry }),
        output("{{ nodes.waits }}"),
      ),
    )
    const ended = await execute(admin, flow, { ready_at: Date.now() + 4_000 })
    expect(ended).toMatchObject({ status: "succeeded", outputs: { ready: true } })
    const events = await journal(admin, ended.execution_id)
    const tries = events.filter((one) => one.type === "tool.started" && one.node_id === "waits")
    expect(tries.length).toBeGreaterThan(1)
    // One call, however often it is tried.
    expect(new Set(tries.map((one) => one.type === "tool.started" && one.data.idempotency_key)).size).toBe(1)
    const retried = events.find((one) => one.type === "node.retrying")
    expect(retried?.data.error).toMatchObject({
      code: "tool.exit",
      message: expect.stringContaining("not yet"),
    })
    expect(textBy(events, "waits")).toContain("not yet")
    expect(stage.api.received.filter(({ path }) => path.endsWith("/T-7"))).toHaveLength(1)
  })

  it("[TF8] is begun anew from the failed step, with what came before taken over", async () => {
    const { admin } = stage.tenant
    const waits = await programTool(stage, "python", { source: notYet, schema })
    const flow = await publish(
      admin,
      flowOf(
        input,
        toolNode("order", shop.look, { id: "T-8" }),
        toolNode("waits", waits, { ready_at: "{{ input.ready_at }}" }),
        output("{{ nodes.waits }}"),
      ),
    )
    const ready_at = Date.now() + 4_000
    const failed = await execute(admin, flow, { ready_at })
    expect(failed).toMatchObject({ status: "failed", error: { code: "tool.exit", node_id: "waits" } })
    await sleep(Math.max(0, ready_at - Date.now()))
    const again = await admin.ask(reply, "POST", `/executions/${failed.execution_id}/retry`, {
      body: { from: "failed_step" },
    })
    const ended = await settled(admin, again.execution_id)
    expect(ended).toMatchObject({
      status: "succeeded",
      outputs: { ready: true },
      retry_of: failed.execution_id,
    })
    expect(stage.api.received.filter(({ path }) => path.endsWith("/T-8"))).toHaveLength(1)
  })

  it("[TF9] says which limit it met, by a code of its own", async () => {
    const { admin } = stage.tenant
    const cases: [string, string, string, object][] = [
      ["tool.timeout", "bash", "sleep 30", { timeout_seconds: 1 }],
      // Without control groups a program is refused the memory, and fails by itself.
      [
        isRoot ? "tool.memory_limit" : "tool.exit",
        "python",
        "x = bytearray(400_000_000)",
        { memory_limit: 64 },
      ],
      ["tool.cpu_limit", "node", "for (;;);", { cpu_limit: 1, timeout_seconds: 20 }],
      ["tool.output_limit", "bash", "yes", { output_limit: 10_000 }],
      ["tool.bad_result", "bash", "echo no object", {}],
      ["tool.exit", "bash", "exit 7", {}],
    ]
    const drafts = await Promise.all(
      cases.map(async ([code, runtime, source, config]) => {
        const tool = await programTool(stage, runtime as "bash", { source, config })
        return {
          code,
          flow: await create(admin, flowOf(input, toolNode("step", tool), output("{{ nodes.step }}"))),
        }
      }),
    )
    for (const { code, flow } of drafts) {
      const ended = await admin.send("POST", `/flows/${flow}/execute`, {
        body: { inputs: {}, config: { version: "draft" } },
        headers: { prefer: "wait=30" },
      })
      expect(ended.body).toMatchObject({ status: "failed", error: { code, node_id: "step" } })
    }
  })
})
