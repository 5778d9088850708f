import { expect, it } from "vitest"
import type { FlowGraph } from "#core/flow/graph"
import { edge, freshStub, node, start } from "./kit.ts"
import { world } from "./worker.ts"

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it("[OB45] a call that was stopped and ends late says nothing of the step that was begun anew in its place", async () => {
  let fails = true
  world.addresses.set("/fenced/breaks", async ({ url }) => {
    await sleep(20)
    if (fails) throw Object.assign(new Error("Busy."), { code: "http.status_503", retry: true })
    return { status: 200, headers: {}, body: "fine", duration_ms: 1, final_url: url }
  })
  let calls = 0
  world.addresses.set("/fenced/lingers", async ({ url }, signal) => {
    if (++calls === 1) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve))
      fails = false
      await sleep(60)
      throw signal.reason
    }
    await sleep(150)
    return { status: 200, headers: {}, body: "second", duration_ms: 1, final_url: url }
  })
  const inside = (id: string, path: string) => ({
    ...node(id, "http", { url: `https://x.test/fenced/${path}` }),
    parent_id: "each",
  })
  const retry = { max_attempts: 2, backoff_ms: 0, on: ["http"] }
  const graph: FlowGraph = {
    nodes: [
      node("in", "input"),
      node("each", "map", { items: "[1]", retry }),
      inside("breaks", "breaks"),
      inside("lingers", "lingers"),
      node("out", "output"),
    ],
    edges: [edge("in", "each"), edge("each", "out")],
    settings: {},
  }
  const run = await start(freshStub(), graph)
  expect(run.error).toBeUndefined()
  expect(run.outputs).toMatchObject([{ lingers: { body: "second" } }])
  expect(calls).toBe(2)
})
