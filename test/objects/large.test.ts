import { beforeAll, describe, expect, it } from "vitest"
import { around, stateOf } from "./flows-kit.ts"
import { edge, freshStub, laneOf, node, start } from "./kit.ts"
import { world } from "./worker.ts"

describe("an execution that is too large for one answer", () => {
  // 70 answers of 450 kB, of which nothing goes on.
  const large = around(
    node("each", "map", { items: "[1..70]" }),
    [node("a", "http", { url: "https://x.test/large" }), node("b", "transform", { value: "1" })],
    [edge("a", "b")],
  )

  beforeAll(() => {
    const body = "x".repeat(450_000)
    world.addresses.set("/large", async ({ url }) => ({
      status: 200,
      headers: {},
      body,
      duration_ms: 1,
      final_url: url,
    }))
  })

  it("is shown with as many values as there is room for", async () => {
    const stub = freshStub()
    const run = await start(stub, large, {}, { wait_ms: 20_000 })
    expect(run.status).toBe("succeeded")
    const page = await stateOf(stub, run.execution_id)
    const asked = page.nodes.filter((one) => one.node_id === "a")
    expect(asked).toHaveLength(70)
    expect(asked.filter((one) => one.is_cut).length).toBeGreaterThan(5)
    expect(asked.filter((one) => !one.is_cut).every((one) => one.output !== null)).toBe(true)
    expect(asked.every((one) => one.status === "succeeded")).toBe(true)
  })

  it("says so to whoever wants to begin it again", async () => {
    const stub = freshStub()
    const { execution_id } = await start(stub, large, {}, { wait_ms: 20_000 })
    expect(await laneOf(stub).recall(execution_id)).toMatchObject({ ok: false, code: "execution.too_large" })
    expect(await laneOf(stub).frozen(execution_id)).toMatchObject({ ok: true })
  })
})
