import { describe, expect, it } from "vitest"
import type { StepError, NewEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "./fold.ts"
import { spanIdOf, traceIdOf } from "./ids.ts"
import type { Span } from "./span.ts"
import { openSpans } from "./trace.ts"
import {
  at,
  begin,
  error,
  fail,
  id,
  journal,
  queued,
  retry,
  short,
  spansOf,
  started,
  succeed,
  succeeded,
  trace,
} from "#test/kit/journal"

describe("the spans of a journal", () => {
  it("are the execution and each of its steps, in the order in which they ended", () => {
    const spans = spansOf(
      [0, queued],
      [2, started],
      [3, begin("input")],
      [3, succeed("input")],
      [4, begin("shape")],
      [9, succeed("shape")],
      [10, succeeded],
    )
    expect(spans.map(short)).toEqual(["step input  1 ok 0", "step shape  1 ok 5", "execution   1 ok 10"])
    const [input, , root] = spans
    expect(root).toMatchObject({
      parent_id: null,
      trace_id: traceIdOf(id),
      flow_id: "flow_1",
      name: "invoke_workflow Triage",
      start_time: at(0),
      end_time: at(10),
      attributes: {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": "Triage",
        "edgecrew.flow.version": 7,
        "edgecrew.execution.queued_ms": 2,
      },
    })
    expect(input).toMatchObject({ parent_id: spans.at(2)!.id, attributes: { "edgecrew.node.type": "input" } })
  })

  it("have the same ids whenever they are made, in one piece or in many", () => {
    const events = journal(
      [0, queued],
      [0, started],
      [1, begin("draft")],
      [2, retry("draft", { attempt: 1 }, 5)],
      [5, begin("draft", { attempt: 2 })],
      [6, succeed("draft", { attempt: 2 })],
      [7, succeeded],
    )
    const whole = spansAfter(trace(), events)
    const open = trace()
    const pieces = events.flatMap((event) => spansAfter(open, [event]))
    expect(pieces).toEqual(whole)
    expect(new Set(whole.map((span) => span.id)).size).toBe(whole.length)
    expect(whole.every((span) => /^[0-9a-f]{16}$/.test(span.id))).toBe(true)
  })

  it("show each attempt and the wait between two", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft")],
      [4, retry("draft", { attempt: 1 }, 20)],
      [22, begin("draft", { attempt: 2 })],
      [30, fail("draft", { attempt: 2 })],
      [31, { type: "execution.failed", data: { error } }],
    )
    expect(spans.map(short)).toEqual([
      "step draft  1 error 3",
      "timer draft  1 ok 18",
      "step draft  2 error 8",
      "execution   1 error 31",
    ])
    expect(spans.at(0)!).toMatchObject({
      name: "invoke_node Draft it",
      node_label: "Draft it",
      text: error.message,
    })
    expect(spans.at(1)!.attributes["edgecrew.timer.due"]).toBe(at(20))
    expect(spans.at(3)!.attributes["error.type"]).toBe("model.overloaded")
  })

  it("say of a step whose expression failed that it took no time", () => {
    const spans = spansOf([0, queued], [0, started], [5, fail("shape")], [6, succeeded])
    expect(spans.map(short)).toEqual(["step shape  1 error 0", "execution   1 ok 6"])
  })

  it("leave out what was skipped and what was taken over from another execution", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, { type: "node.skipped", node_id: "shape", data: {} }],
      [1, { type: "node.succeeded", node_id: "draft", data: { output: 1, handles: [], reused: true } }],
      [2, succeeded],
    )
    expect(spans.map(short)).toEqual(["execution   1 ok 2"])
  })

  it("end with the execution, whatever was under way when it was cancelled", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft")],
      [
        2,
        {
          type: "model.started",
          node_id: "draft",
          attempt: 1,
          data: { provider_type: "openai", model: "m" },
        },
      ],
      [3, retry("fetch", { attempt: 1 }, 900)],
      [4, { type: "execution.cancelling", data: { actor: "user_1" } }],
      [9, { type: "execution.cancelled", data: {} }],
      [12, succeed("draft")],
    )
    expect(spans.map(short)).toEqual([
      "step fetch  1 error 0",
      "model draft  1 cancelled 7",
      "step draft  1 cancelled 8",
      "timer fetch  1 cancelled 6",
      "execution   1 cancelled 9",
    ])
  })

  it("tell an attempt that a crash cut short from the one that repeated it", () => {
    const lost: StepError = { code: "step.interrupted", message: "The server stopped during this attempt." }
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft")],
      [
        2,
        {
          type: "model.started",
          node_id: "draft",
          attempt: 1,
          data: { provider_type: "openai", model: "m" },
        },
      ],
      [800, { type: "node.interrupted", node_id: "draft", attempt: 1, data: { error: lost } }],
      [800, { type: "execution.needs_attention", data: { error: lost } }],
      [9_000, { type: "node.ready", node_id: "draft", data: {} }],
      [9_001, begin("draft", { attempt: 2 })],
      [9_005, succeed("draft", { attempt: 2 })],
      [9_006, succeeded],
    )
    expect(spans.map(short)).toEqual([
      "model draft  1 error 798",
      "step draft  1 error 799",
      "step draft  2 ok 4",
      "execution   1 ok 9006",
    ])
  })

  it("pay no heed to an answer that comes after its attempt", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft")],
      [2, retry("draft", { attempt: 1 }, 3)],
      [3, begin("draft", { attempt: 2 })],
      [4, succeed("draft", { attempt: 1 })],
      [5, fail("draft", { attempt: 2 })],
    )
    expect(spans.map(short)).toEqual([
      "step draft  1 error 1",
      "timer draft  1 ok 1",
      "step draft  2 error 2",
    ])
  })
})

describe("spans under scopes", () => {
  const opened = (path: string, index: number | undefined, node_id: string, scope?: string): NewEvent => ({
    type: "scope.opened",
    node_id,
    ...(scope ? { scope } : {}),
    data: { path, ...(index === undefined ? {} : { index }) },
  })
  const closed = (path: string, node_id: string, failed?: StepError): NewEvent => ({
    type: "scope.closed",
    node_id,
    data: { path, ...(failed ? { error: failed } : { output: 1 }) },
  })
  const nested = journal(
    [0, queued],
    [0, started],
    [1, begin("each")],
    [2, opened("each[0]", 0, "each")],
    [3, begin("again", { scope: "each[0]" })],
    [4, opened("each[0]/again[0]", 0, "again", "each[0]")],
    [5, begin("draft", { scope: "each[0]/again[0]" })],
    [9, succeed("draft", { scope: "each[0]/again[0]" })],
    [10, { ...closed("each[0]/again[0]", "again"), scope: "each[0]" } as NewEvent],
    [11, succeed("again", { scope: "each[0]" })],
    [12, closed("each[0]", "each")],
    [13, succeed("each")],
    [14, succeeded],
  )

  it("stand under the iteration, and that under the step that holds it", () => {
    const spans = spansAfter(trace(), nested)
    const byId = new Map(spans.map((span) => [span.id, span]))
    const up = (span: Span): string[] => {
      const parent = span.parent_id === null ? undefined : byId.get(span.parent_id)
      return [
        span.kind === "execution" ? "execution" : `${span.kind} ${span.scope}`,
        ...(parent ? up(parent) : []),
      ]
    }
    expect(up(spans.at(0)!)).toEqual([
      "step each[0]/again[0]",
      "scope each[0]/again[0]",
      "step each[0]",
      "scope each[0]",
      "step ",
      "execution",
    ])
  })

  it("are told apart when an iteration is begun anew", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("each")],
      [2, opened("each[0]", 0, "each")],
      [3, begin("draft", { scope: "each[0]" })],
      [4, fail("draft", { scope: "each[0]" })],
      [5, closed("each[0]", "each", error)],
      [6, retry("each", { attempt: 1 }, 7)],
      [7, begin("each", { attempt: 2 })],
      [8, opened("each[0]", 0, "each")],
      [9, begin("draft", { scope: "each[0]" })],
      [10, succeed("draft", { scope: "each[0]" })],
    )
    const drafts = spans.filter((span) => span.node_id === "draft" && span.kind === "step")
    expect(drafts.map(short)).toEqual(["step draft each[0] 1 error 1", "step draft each[0] 1 ok 1"])
    expect(drafts.at(0)!.id).not.toBe(drafts.at(1)!.id)
  })

  it("end as cancelled when their iteration fails around them", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("each")],
      [2, opened("each[0]", 0, "each")],
      [3, begin("draft", { scope: "each[0]" })],
      [4, closed("each[0]", "each", error)],
      [5, opened("each[10]", 10, "each")],
      [6, opened("each[1]", 1, "each")],
      [7, fail("each")],
    )
    expect(spans.map(short)).toEqual([
      "step draft each[0] 1 cancelled 1",
      "scope each each[0] 1 error 2",
      "scope each each[10] 1 cancelled 2",
      "scope each each[1] 1 cancelled 1",
      "step each  1 error 6",
    ])
  })

  it("call a flow by its name where a step calls one", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("call")],
      [2, opened("call", undefined, "call")],
      [3, begin("draft", { scope: "call" })],
      [4, succeed("draft", { scope: "call" })],
      [5, closed("call", "call")],
      [6, succeed("call")],
    )
    expect(spans.map((span) => `${span.name} ${span.scope}`)).toEqual([
      "invoke_node Draft it call",
      "invoke_workflow call call",
      "invoke_node call ",
    ])
  })
})

describe("what is still open", () => {
  it("has no end yet, and is not touched by what comes later", () => {
    const open = trace()
    const events = journal([0, queued], [0, started], [1, begin("draft")], [5, fail("draft")])
    spansAfter(open, events.slice(0, 3))
    const before = openSpans(open)
    expect(before.map(short)).toEqual(["execution   1 unset ", "step draft  1 unset "])
    spansAfter(open, events.slice(3))
    expect(before[1]).toMatchObject({
      status: "unset",
      end_time: null,
      attributes: { "edgecrew.node.type": "llm" },
    })
    expect(openSpans(open).map(short)).toEqual(["execution   1 unset "])
  })

  it("is nothing once the execution has ended", () => {
    const open = trace()
    spansAfter(open, journal([0, queued], [0, started], [1, begin("draft")], [2, succeeded]))
    expect(openSpans(open)).toEqual([])
    expect(open.steps.size + open.scopes.size + open.timers.size).toBe(0)
  })
})

describe("ids", () => {
  it("take the trace's from the execution's ULID", () => {
    expect(traceIdOf("exec_ZZ7ZZZZZZZZZZZZZZZZZZZZZZZZZ" as ExecutionId)).toBe("f".repeat(32))
    expect(traceIdOf("exec_0000000000000000000000000A".padEnd(33, "0") as ExecutionId)).toMatch(
      /^[0-9a-f]{32}$/,
    )
  })

  it("do not meet among fifty thousand that differ in a letter", () => {
    const ids = new Set<string>()
    for (let i = 0; i < 50_000; i++) ids.add(spanIdOf(`00f067aa0ba902b7/step/draft/${i}/0`))
    expect(ids.size).toBe(50_000)
  })
})
