import { describe, expect, it } from "vitest"
import type { ChatEvent, ChatMessage, ChatStep } from "#core/contract/chat"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import type { AgentId, MessageId } from "#core/ids"
import type { Json } from "#core/json"
import { mergedNews } from "./merge.ts"
import { reduceMessage } from "./reduce.ts"
import { foldTurn } from "./turn.ts"
import { firstTurnState, type Listening, type News, type TurnState } from "./turn-state.ts"

const journal = (...events: NewEvent[]): ExecutionEvent[] =>
  events.map((event, i) => ({ seq: i + 1, at: `2026-11-21T12:00:0${i % 10}.000Z`, ...event }))

function fold(events: readonly ExecutionEvent[], how: Listening = { partner: "Ada" }) {
  let state: TurnState = firstTurnState
  const news: News[] = []
  for (const event of events) {
    const folded = foldTurn(state, event, how)
    state = folded.state
    news.push(...folded.news)
  }
  return { state, news }
}

const blank = {
  id: "msg_1" as MessageId,
  content: "",
  steps: [] as ChatStep[],
  status: "answering",
} as ChatMessage
/** The message that somebody has who was told everything. */
const shown = (news: readonly News[]): ChatMessage =>
  news
    .flatMap((one, i): ChatEvent[] =>
      one.type === "status" ? [] : [{ seq: i, message_id: blank.id, ...one }],
    )
    .reduce(reduceMessage, blank)

type Where = { node_id: string; scope?: string; attempt: number }
const at = (node_id: string, scope?: string): Where => ({ node_id, attempt: 1, ...(scope ? { scope } : {}) })
const began = (place: Where, input: Json): NewEvent => ({ type: "node.started", ...place, data: { input } })
const works = (place: Where, name: string): NewEvent =>
  began(place, { task: "x", agent: { agent_id: "agent_1" as AgentId, name } })
const asked = (place: Where): NewEvent => ({
  type: "model.started",
  ...place,
  data: { provider_type: "builtin", model: "m" },
})
const says = (place: Where, text: string): NewEvent => ({ type: "model.delta", ...place, data: { text } })
const said = (place: Where): NewEvent => ({
  type: "model.finished",
  ...place,
  data: {
    model: "m",
    finish_reason: "stop",
    usage: { input_tokens: 2, output_tokens: 1 },
    cost_micros: 5,
    latency_ms: 1,
  },
})
const ended = (outputs: Json): NewEvent => ({ type: "execution.succeeded", data: { outputs } })
const done = (place: Where, output: Json): NewEvent => ({
  type: "node.succeeded",
  ...place,
  data: { output, handles: ["out"] },
})

const think = (n: number) => at("think", `agent[${n}]`)

describe("an answer folded from its execution", () => {
  it("takes what an agent said before its tools for a thought, and shows the call with what came of it", () => {
    const call = at("call", "agent[0]/calls[0]")
    const { state, news } = fold(
      journal(
        works(at("agent"), "Ada"),
        asked(think(0)),
        says(think(0), "Let me "),
        says(think(0), "count."),
        said(think(0)),
        { type: "agent.thought", ...think(0), data: { agent: "Ada", text: "Let me count.", calls: 1 } },
        began(call, { tool: "math", arguments: { expression: "6*7" } }),
        {
          type: "tool.started",
          ...call,
          data: { tool: "math", kind: "builtin", call_id: "1", idempotency_key: "k" },
        },
        { type: "tool.finished", ...call, data: { latency_ms: 1, characters: 2 } },
        done(call, { result: 42 }),
        asked(think(1)),
        says(think(1), "It is 42."),
        said(think(1)),
        ended("It is 42."),
      ),
    )
    const { content, steps } = shown(news)
    expect(content).toBe("It is 42.")
    expect(steps.map(({ type, by, title, detail, status }) => [type, by, title, detail, status])).toEqual([
      ["model", "Ada", "m", null, "succeeded"],
      ["thought", "Ada", "Let me count.", "Let me count.", "succeeded"],
      ["tool", "Ada", "math", { expression: "6*7" }, "succeeded"],
      ["model", "Ada", "m", null, "succeeded"],
    ])
    expect(steps.at(2)!.result).toEqual({ result: 42 })
    expect(state).toMatchObject({
      input_tokens: 4,
      output_tokens: 2,
      cost_micros: 10,
      end: { status: "done" },
    })
    expect(news.filter(({ type }) => type === "reset")).toHaveLength(1)
  })

  it("shows work that is handed on, with the colleague's steps inside and none of its words in the answer", () => {
    const check = at("check", "agent[0]/calls[0]")
    const colleague = at("to_writer", "agent[0]/calls[0]")
    const theirs = at("think", "agent[0]/calls[0]/to_writer[0]")
    const { news } = fold(
      journal(
        works(at("agent"), "Boss"),
        {
          type: "agent.delegated",
          ...check,
          data: { from: "Boss", to: "writer", to_node: "to_writer", task: "Write" },
        },
        works(colleague, "Will"),
        asked(theirs),
        says(theirs, "Once upon"),
        said(theirs),
        done(colleague, "Once upon"),
        asked(think(1)),
        says(think(1), "Here it is."),
        said(think(1)),
        ended("Here it is."),
      ),
    )
    const { content, steps } = shown(news)
    expect(content).toBe("Here it is.")
    expect(news.some((one) => one.type === "reset")).toBe(false)
    const [delegation, model, last] = [steps.at(0)!, steps.at(1)!, steps.at(2)!]
    expect(delegation).toMatchObject({
      type: "delegation",
      by: "Boss",
      title: "writer",
      detail: "Write",
      result: "Once upon",
      status: "succeeded",
    })
    expect(model).toMatchObject({ by: "Will", parent: delegation.id })
    expect(last.parent).toBeNull()
  })

  it("begins anew when a model breaks off and another is asked", () => {
    const error = { code: "model.stream_broken", message: "It broke off." }
    const { news } = fold(
      journal(
        asked(at("ask")),
        says(at("ask"), "Half an ans"),
        { type: "model.failed", ...at("ask"), data: { error } },
        asked(at("ask")),
        says(at("ask"), "A whole answer"),
        said(at("ask")),
        ended("A whole answer"),
      ),
    )
    const { content, steps } = shown(news)
    expect(content).toBe("A whole answer")
    expect(steps.map(({ status, result }) => [status, result])).toEqual([
      ["failed", error],
      ["succeeded", null],
    ])
  })

  it("takes one speaker at a time, and the output's word for what the answer is", () => {
    const [one, two] = [at("one"), at("two")]
    const { news } = fold(
      journal(
        asked(one),
        asked(two),
        says(one, "From one."),
        says(two, "From two."),
        said(one),
        says(two, " And more."),
        said(two),
        ended({ summary: "From the output." }),
      ),
    )
    expect(shown(news).content).toBe("From the output.")
    const thoughts = shown(news).steps.filter(({ type }) => type === "thought")
    expect(thoughts.map(({ by, detail }) => [by, detail])).toEqual([["one", "From one."]])
  })

  it("counts an attached flow, puts its steps inside, and says nothing of its words", () => {
    const { state, news } = fold(
      journal(asked(at("ask")), says(at("ask"), "rows"), said(at("ask")), ended({ rows: 2 })),
      { partner: "Ada", inside: "attached" },
    )
    expect(shown(news)).toMatchObject({ content: "", steps: [{ parent: "attached", status: "succeeded" }] })
    expect(state).toMatchObject({ cost_micros: 5, end: { outputs: { rows: 2 } } })
  })

  it("keeps what was said until it failed or was stopped, and leaves no step open", () => {
    const error = { code: "step.failed", message: "No." }
    const failed = fold(
      journal(asked(at("ask")), says(at("ask"), "So far"), { type: "execution.failed", data: { error } }),
    )
    expect(failed.state.end).toEqual({ status: "failed", error, outputs: undefined })
    expect(shown(failed.news)).toMatchObject({ content: "So far", steps: [{ status: "failed" }] })
    const stopped = fold(journal(says(at("ask"), "So far"), { type: "execution.cancelled", data: {} }))
    expect(stopped.state.end).toMatchObject({ status: "stopped", error: null })
  })

  it("bounds how many steps are shown and how much of each", () => {
    const many = Array.from({ length: 300 }, (_, i) => [asked(at(`n${i}`)), said(at(`n${i}`))]).flat()
    const { state, news } = fold(journal(...many))
    expect(shown(news).steps).toHaveLength(200)
    expect(state.cost_micros).toBe(1_500)
    const wordy = fold(
      journal({
        type: "approval.requested",
        ...at("gate"),
        data: {
          approval_id: "appr_1",
          title: "t".repeat(5_000),
          message: "m".repeat(50_000),
          buttons: [],
          assignees: [],
        },
      }),
    )
    expect(JSON.stringify(wordy.news).length).toBeLessThan(3_000)
  })

  it("comes to the same whichever way its news are cut", () => {
    const events = journal(
      works(at("agent"), "Ada"),
      asked(think(0)),
      ...["a", "b", "c", "d"].map((text) => says(think(0), text)),
      said(think(0)),
      { type: "agent.thought", ...think(0), data: { agent: "Ada", text: "abcd", calls: 1 } },
      asked(think(1)),
      ...["x", "y", "z"].map((text) => says(think(1), text)),
      said(think(1)),
      ended("xyz"),
    )
    const { news } = fold(events)
    const whole = shown(news)
    for (let size = 1; size <= news.length; size++) {
      const batches = Array.from({ length: Math.ceil(news.length / size) }, (_, i) =>
        mergedNews(news.slice(i * size, (i + 1) * size)),
      )
      expect(shown(batches.flat())).toEqual(whole)
    }
  })
})
