import { expect, it } from "vitest"
import type { ReplyOf } from "#core/contract/endpoint"
import type { Tool, toolsApi } from "#core/contract/tools"
import { copyName } from "../queries.ts"
import { rowsOf } from "./rows.ts"

const own = { id: "tool_01JD0000000000000000000000", name: "mine", description: "", risk: "write" } as Tool
const builtin = [
  {
    id: "builtin:time",
    name: "time",
    description: "Says what time it is",
    input_schema: {},
    risk: "read" as const,
  },
  {
    id: "builtin:web_page",
    name: "web_page",
    description: "Reads a page",
    input_schema: {},
    risk: "danger" as const,
  },
]
const page: ReplyOf<typeof toolsApi.list> = {
  tools: [own],
  builtin,
  total: 1,
  page_info: { page: 1, limit: 100, has_next: false, has_prev: false },
}
const names = (wanted: Partial<Parameters<typeof rowsOf>[1]>) =>
  rowsOf([page], { q: "", kind: undefined, risk: undefined, isWhole: true, ...wanted }).map((row) => row.name)

it("has the builtin tools after the last of the tenant’s own, where they fit", () => {
  expect(names({})).toEqual(["mine", "time", "web_page"])
  expect(names({ isWhole: false })).toEqual(["mine"])
  expect(names({ q: "Page" })).toEqual(["mine", "web_page"])
  expect(names({ risk: "read" })).toEqual(["mine", "time"])
  expect(names({ kind: "http" })).toEqual(["mine"])
})

it("names a copy as no other is named, in 63 characters", () => {
  expect(copyName("find_order")).toBe("find_order_copy")
  expect(copyName("find_order_copy")).toBe("find_order_copy_2")
  expect(copyName("find_order_copy_9")).toBe("find_order_copy_10")
  expect(copyName("a".repeat(63))).toBe(`${"a".repeat(58)}_copy`)
})
