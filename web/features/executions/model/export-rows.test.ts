import { expect, it } from "vitest"
import type { ExecutionSummary } from "#core/contract/executions"
import type { ExecutionId } from "#core/ids"
import { toCsv, toNdjson } from "./export-rows.ts"

const row: ExecutionSummary = {
  id: "exec_1" as ExecutionId,
  flow_id: "flow_1",
  flow_name: 'Say "hi", then go',
  flow_version: null,
  status: "failed",
  actor: "user_1",
  error: { code: "model.overloaded", message: "=HYPERLINK(x)" },
  created_at: "2026-11-21T09:00:00.000Z",
  started_at: null,
  finished_at: null,
  duration_ms: 12.5,
  input_tokens: 1,
  output_tokens: 2,
  cost_micros: -3,
}

it("writes a table that spreadsheets read, and that gives them no formula", () => {
  const [head, line, rest] = toCsv([row]).split("\r\n")
  expect(head).toMatch(/^id,flow_id,flow_name,/)
  expect(line).toBe(
    `exec_1,flow_1,"Say ""hi"", then go",,failed,user_1,model.overloaded,'=HYPERLINK(x),2026-11-21T09:00:00.000Z,,,12.5,1,2,-3`,
  )
  expect(rest).toBe("")
})

it("writes an object a line", () => {
  const lines = toNdjson([row, row]).trimEnd().split("\n")
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([row, row])
})
