import { expect, it } from "vitest"
import { previewOf, sayValue } from "./preview.ts"

const scope = { input: { n: 20 }, nodes: { draft: "Dear all" }, item: { id: 7 }, execution: {}, vars: {} }

it("shows what a text comes to, with the type that an execution would give it", async () => {
  expect(await previewOf("input.n * 2", true, scope)).toEqual({ is: "value", value: 40 })
  expect(await previewOf("{{ nodes.draft }}, item {{ item.id }}", false, scope)).toEqual({
    is: "value",
    value: "Dear all, item 7",
  })
  expect(await previewOf("nodes.gone.text", true, scope)).toEqual({ is: "value", value: undefined })
})

it("says what is wrong instead, and gives up on what takes long", async () => {
  expect(await previewOf("input.n +", true, scope)).toMatchObject({ is: "fault" })
  expect(await previewOf("$sum([1..90000].($ * $ * $))", true, scope)).toMatchObject({ is: "fault" })
})

it("says values in a line", () => {
  expect(sayValue({ a: 1 })).toBe('{"a":1}')
  expect(sayValue(undefined)).toBe("nothing")
  expect(sayValue("x".repeat(500))).toHaveLength(241)
})
