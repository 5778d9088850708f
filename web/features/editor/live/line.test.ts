import { expect, it } from "vitest"
import { CanvasClient } from "#core/canvas/client"
import { draft, node } from "../test-flow.ts"
import { Line } from "./line.ts"
import { TestCanvas } from "./test-canvas.ts"

const nothing = () => undefined

it("asks for a node's text when the server has the node, also where that waits for another one", async () => {
  const canvas = new TestCanvas(draft([node("input", "input")]))
  const client = new CanvasClient()
  const line = new Line({
    client,
    open: (since) => canvas.open({ client: "win_1", ...(since === undefined ? {} : { since }) }),
    whyNot: async () => undefined,
    hears: {
      changed: nothing,
      presence: nothing,
      people: nothing,
      refused: nothing,
      text: nothing,
      wrote: nothing,
    },
    onLine: nothing,
  })
  line.start()
  await expect.poll(() => line.isReady).toBe(true)
  canvas.isDeaf = true
  for (const id of ["first", "second"]) client.edit({ type: "add", nodes: [node(id, "llm")], edges: [] })
  expect(line.ask({ type: "open", node: "second", field: "prompt" })).toBe(true)
  expect([client.isHolding, canvas.asked]).toEqual([true, []])
  // Over a new line whoever wants the text asks again.
  canvas.isDeaf = false
  canvas.cut()
  line.hurry()
  await expect.poll(() => client.waiting).toBe(0)
  expect([client.isHolding, canvas.asked]).toEqual([false, []])
  line.ask({ type: "open", node: "second", field: "prompt" })
  expect(canvas.asked).toEqual([[expect.stringContaining("second"), 3]])
  line.leave()
})
