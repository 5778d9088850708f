import { evictDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import type { FlowGraph } from "#core/flow/graph"
import type { Span } from "#core/trace/span"
import { asking, edge, freshStub, laneOf, node, start, until } from "./kit.ts"
import { world } from "./worker.ts"

const spansOf = (id: string): Span[] => [...world.spans.values()].filter((one) => one.execution_id === id)
const names = (id: string) =>
  spansOf(id)
    .map((one) => [one.kind, one.scope, one.node_id].join(" ").trim())
    .toSorted()

describe("spans", () => {
  it("[SP1] of every step and call reach the tenant's database within 2 s of the end", async () => {
    const begun = Date.now()
    const run = await start(freshStub(), asking("echo this"))
    await until(() => spansOf(run.execution_id).some((one) => one.kind === "execution"))
    expect(Date.now() - begun).toBeLessThan(2_000)
    expect(names(run.execution_id)).toEqual(["execution", "model  ask", "step  ask", "step  in", "step  out"])
    const root = spansOf(run.execution_id).find((one) => one.kind === "execution")
    expect(root).toMatchObject({ status: "ok", input_tokens: 10 })
  })

  it("[SP2] come once each though memory was lost in the middle", async () => {
    const stub = freshStub()
    const mapped: FlowGraph = {
      nodes: [
        node("in", "input"),
        node("each", "map", { items: "[1,2]" }),
        {
          ...node("ask", "approval", { title: "?", buttons: [{ id: "yes", label: "Yes" }] }),
          parent_id: "each",
        },
        node("out", "output"),
      ],
      edges: [edge("in", "each"), edge("each", "out")],
      settings: {},
    }
    const { execution_id: id } = await start(stub, mapped, {}, { wait_ms: 0 })
    for (const index of [0, 1]) {
      const open = async () => {
        const page = await laneOf(stub).get(id)
        return page.ok ? page.value.nodes.find((one) => one.scope === `each[${index}]`) : undefined
      }
      await until(async () => (await open())?.status === "waiting")
      await until(() => spansOf(id).some((one) => one.node_id === "in"))
      await evictDurableObject(stub)
      const approval = (await open())!.approval_id!
      await laneOf(stub).answerApproval(id, approval, {
        button: "yes",
        by: { actor: "user_a", names: ["user_a"] },
      })
    }
    await until(() => spansOf(id).some((one) => one.kind === "execution"))
    expect(names(id)).toEqual([
      "approval each[0] ask",
      "approval each[1] ask",
      "execution",
      "scope each[0] each",
      "scope each[1] each",
      "step  each",
      "step  in",
      "step  out",
      "step each[0] ask",
      "step each[1] ask",
    ])
  })
})
