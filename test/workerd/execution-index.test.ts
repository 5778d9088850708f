import { describe, expect, it } from "vitest"
import type { ExecutionSummary } from "#core/contract/executions"
import { executionId } from "#core/ids"
import { randomBytes } from "#worker/context"
import * as executions from "#worker/db/executions"
import { databaseOf } from "#test/kit/dump"
import { newTenant } from "#test/kit/tenants"

const at = "2026-11-21T09:00:00.000Z"
const summary: ExecutionSummary = {
  id: executionId(0, Date.parse(at), randomBytes),
  flow_id: "flow_01JD0000000000000000000000",
  flow_name: "Test",
  flow_version: 1,
  status: "running",
  actor: "user_x",
  error: null,
  created_at: at,
  started_at: at,
  finished_at: null,
  duration_ms: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
}

describe("the index of executions", () => {
  it("keeps an end, though a row from before it comes late", async () => {
    const d1 = await databaseOf((await newTenant()).id)
    const ended = { ...summary, status: "succeeded", finished_at: at, duration_ms: 0 } as const
    for (const row of [summary, ended, summary]) await d1.batch(executions.upserts(d1, [row]))
    const { results } = await d1.prepare("select status, finished_at from executions").all()
    expect(results).toEqual([{ status: "succeeded", finished_at: at }])
  })
})
