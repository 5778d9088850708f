import { expect, it } from "vitest"
import type { ExecutionSummary } from "#core/contract/executions"
import type { ExecutionId } from "#core/ids"
import { ancestorsOf, relativesOf } from "./lineage.ts"

const row = (id: string, change: Partial<ExecutionSummary> = {}): ExecutionSummary => ({
  id: id as ExecutionId,
  flow_id: "flow_1",
  flow_name: "Flow",
  flow_version: 2,
  status: "succeeded",
  actor: "user_1",
  error: null,
  created_at: "2026-11-21T09:00:00.000Z",
  started_at: null,
  finished_at: null,
  duration_ms: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  ...change,
})
const retry = {
  id: "exec_5" as ExecutionId,
  retry_of: "exec_2" as ExecutionId,
  fork_of: null,
  replay_of: null,
}
const rows = ["exec_9", "exec_5", "exec_4", "exec_2"].map((id) => row(id))

it("offers what an execution comes from, then the one before it, then the rest", () => {
  expect(relativesOf(retry, rows, "").map(({ id, why }) => [id, why])).toEqual([
    ["exec_2", "retried here"],
    ["exec_4", "the one before"],
    ["exec_9", undefined],
  ])
})

it("offers an origin that is not in the list any more", () => {
  expect(relativesOf(retry, rows.slice(0, 2), "")[0]).toEqual({
    id: "exec_2",
    row: undefined,
    why: "retried here",
  })
})

it("searches by status, version, id and relation", () => {
  const mixed = [
    row("exec_9", { status: "timed_out" }),
    row("exec_8", { flow_version: null }),
    ...rows.slice(2),
  ]
  const find = (words: string) => relativesOf(retry, mixed, words).map(({ id }) => id)
  expect(find("timed out")).toEqual(["exec_9"])
  expect(find("DRAFT")).toEqual(["exec_8"])
  expect(find("before")).toEqual(["exec_4"])
  expect(find("exec_2")).toEqual(["exec_2"])
})

it("names every way in which it came to be", () => {
  const all = { retry_of: "exec_1", fork_of: "exec_2", replay_of: "exec_3" } as Parameters<
    typeof ancestorsOf
  >[0]
  expect(ancestorsOf(all).map(({ how, id }) => `${how} ${id}`)).toEqual([
    "Retry of exec_1",
    "Fork of exec_2",
    "Replay of exec_3",
  ])
})
