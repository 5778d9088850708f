import type { ExecutionEvent } from "#core/execution/event"
import { isJsonObject, type Json } from "#core/json"
import { textOf } from "./exchange.ts"
import { brokenOff, spoken, thought } from "./speech.ts"
import { abandoned, closed, happened, opened } from "./steps.ts"
import {
  placeOf,
  quiet,
  andThen,
  type Folded,
  type Listening,
  type News,
  type Of,
  type TurnEnd,
  type TurnState,
} from "./turn-state.ts"

/**
 * Folds one more event of an execution into the answer that it makes. Pure, so that whoever has forgotten everything reads the
 * journal from its beginning and comes to the same news.
 */
export function foldTurn(state: TurnState, event: ExecutionEvent, how: Listening): Folded {
  if (state.end) return quiet(state)
  switch (event.type) {
    case "node.started":
      return andThen(become(state, "answering"), (next) => nodeStarted(next, event))
    case "node.succeeded":
      return nodeSucceeded(state, event, how)
    case "node.failed":
      return nodeFailed(state, event, how)
    case "model.started":
      return opened(state, `model ${placeOf(event)}`, event, how, { type: "model", title: event.data.model })
    case "model.delta":
    case "node.delta":
      return spoken(state, event, how)
    case "model.finished":
      return modelFinished(state, event)
    case "model.failed":
      return andThen(modelFailed(state, event), (next) => brokenOff(next, event))
    case "http.started":
      return opened(state, `http ${placeOf(event)}`, event, how, {
        type: "tool",
        title: `${event.data.method} ${withoutQuery(event.data.url)}`,
      })
    case "http.finished":
      return closed(state, `http ${placeOf(event)}`, event, { result: { status: event.data.status } })
    case "http.failed":
      return failed(state, `http ${placeOf(event)}`, event)
    case "agent.thought":
      return thought(state, event, how)
    case "agent.delegated":
      return delegated(state, event, how)
    case "agent.finished":
      return agentFinished(state, event, how)
    case "tool.started":
      return opened(state, `tool ${placeOf(event)}`, event, how, {
        type: "tool",
        title: event.data.tool,
        detail: state.given[placeOf(event)] ?? null,
      })
    case "tool.failed":
      return failed(state, `tool ${placeOf(event)}`, event)
    case "approval.requested":
      return asked(state, event, how)
    case "approval.answered":
      return answered(state, event, { button: event.data.button, actor: event.data.actor })
    case "approval.timed_out":
      return answered(state, event, "Nobody answered in time.")
    case "execution.waiting":
      return state.questions > 0 ? become(state, "waiting") : quiet(state)
    case "execution.needs_attention":
      return become(state, "waiting")
    case "execution.succeeded":
      return succeeded(state, event, how)
    case "execution.failed":
    case "execution.timed_out":
      return over(state, { status: "failed", error: errorOf(event.data.error), outputs: undefined })
    case "execution.cancelled":
      return over(state, { status: "stopped", error: null, outputs: undefined })
    default:
      return quiet(state)
  }
}

const errorOf = ({ code, message }: { code: string; message: string }) => ({ code, message })

/** What comes behind a question mark may be a secret. */
const withoutQuery = (url: string): string => url.split(/[?#]/)[0]!

/** Notes who works here, or what a tool is called with. */
function nodeStarted(state: TurnState, event: Of<"node.started">): Folded {
  const input = event.data.input
  if (!isJsonObject(input)) return quiet(state)
  const { agent, tool, arguments: given } = input
  const place = placeOf(event)
  if (isJsonObject(agent) && typeof agent["name"] === "string") {
    const name = typeof agent["position"] === "string" ? agent["position"] : agent["name"]
    return quiet({ ...state, agents: { ...state.agents, [place]: name } })
  }
  if (typeof tool === "string" && given !== undefined)
    return quiet({ ...state, given: { ...state.given, [place]: given } })
  return quiet(state)
}

function nodeSucceeded(state: TurnState, event: Of<"node.succeeded">, how: Listening): Folded {
  const place = placeOf(event)
  const { output } = event.data
  const wrong = isJsonObject(output) && event.node_id === "check" ? output["wrong"] : undefined
  if (typeof wrong === "string")
    return happened(state, event, how, { type: "error", title: wrong, status: "failed" })
  const result = output
  return andThen(closed(state, `tool ${place}`, event, { result }), (next) =>
    closed(next, `delegation ${place}`, event, { result }),
  )
}

/** The failure of a step that the execution goes on after. */
function nodeFailed(state: TurnState, event: Of<"node.failed">, how: Listening): Folded {
  const delegation = `delegation ${placeOf(event)}`
  if (state.open[delegation]) return failed(state, delegation, event)
  const { error, handles } = event.data
  // A tool has said so itself.
  if (handles.length === 0 || state.given[placeOf(event)] !== undefined) return quiet(state)
  return happened(state, event, how, {
    type: "error",
    title: error.message,
    detail: { code: error.code },
    status: "failed",
  })
}

type Failed = Of<"http.failed" | "tool.failed" | "node.failed">

const failed = (state: TurnState, key: string, event: Failed): Folded =>
  closed(state, key, event, { result: errorOf(event.data.error), status: "failed" })

/** What came to nothing may have cost something all the same. */
function modelFailed(state: TurnState, event: Of<"model.failed">): Folded {
  const { error, usage, cost_micros = 0 } = event.data
  const { input_tokens = 0, output_tokens = 0 } = usage ?? {}
  const counted: TurnState = {
    ...state,
    input_tokens: state.input_tokens + input_tokens,
    output_tokens: state.output_tokens + output_tokens,
    cost_micros: state.cost_micros + cost_micros,
  }
  const took = usage ? { input_tokens, output_tokens, cost_micros } : {}
  const result = errorOf(error)
  return closed(counted, `model ${placeOf(event)}`, event, { result, status: "failed", ...took })
}

function modelFinished(state: TurnState, event: Of<"model.finished">): Folded {
  const place = placeOf(event)
  const { usage, cost_micros } = event.data
  const { input_tokens, output_tokens } = usage
  const counted: TurnState = {
    ...state,
    isSaid: state.isSaid || state.speaker?.place === place,
    input_tokens: state.input_tokens + input_tokens,
    output_tokens: state.output_tokens + output_tokens,
    cost_micros: state.cost_micros + cost_micros,
  }
  return closed(counted, `model ${place}`, event, { input_tokens, output_tokens, cost_micros })
}

/** The colleague's own node comes next, beside the one that let it pass. */
function delegated(state: TurnState, event: Of<"agent.delegated">, how: Listening): Folded {
  const { to, to_node, task } = event.data
  const place = placeOf({ ...event, node_id: to_node })
  const begun = { type: "delegation", title: to, detail: task } as const
  const { state: next, news } = opened(state, `delegation ${place}`, event, how, begun)
  const step = next.open[`delegation ${place}`]?.id ?? `s${event.seq}`
  return { state: { ...next, handedOn: { ...next.handedOn, [place]: step } }, news }
}

const why = {
  limit: "It had taken all the steps that it may, and gave the best answer that it could.",
  time: "Its time was over, and it gave the best answer that it could.",
  cost: "It had cost what it may, and it gave the best answer that it could.",
  stuck: "It asked for the same several times, and gave the best answer that it could.",
} as const

function agentFinished(state: TurnState, event: Of<"agent.finished">, how: Listening): Folded {
  const { ended, agent, turns } = event.data
  if (ended === "answered") return quiet(state)
  return happened(state, event, how, {
    type: "error",
    by: agent,
    title: why[ended],
    detail: { turns },
    status: "failed",
  })
}

function asked(state: TurnState, event: Of<"approval.requested">, how: Listening): Folded {
  const { title, message, buttons, form_schema, approval_id } = event.data
  const detail = { message: message ?? null, buttons, ...(form_schema ? { form_schema } : {}) }
  const more = { type: "approval", title, detail, approval_id, status: "waiting" } as const
  const { state: next, news } = opened(state, `approval ${placeOf(event)}`, event, how, more)
  return { state: { ...next, questions: next.questions + 1 }, news }
}

function answered(
  state: TurnState,
  event: Of<"approval.answered" | "approval.timed_out">,
  result: Json,
): Folded {
  const status = event.type === "approval.answered" ? "succeeded" : "failed"
  const fewer = { ...state, questions: Math.max(0, state.questions - 1) }
  return andThen(closed(fewer, `approval ${placeOf(event)}`, event, { result, status }), (next) =>
    become(next, "answering"),
  )
}

function succeeded(state: TurnState, event: Of<"execution.succeeded">, how: Listening): Folded {
  const outputs = event.data.outputs
  const text = how.inside === undefined ? textOf(outputs) : state.content
  const ended = over(state, { status: "done", error: null, outputs })
  if (text === state.content) return ended
  const anew: News[] = [
    ...(state.content === "" ? [] : [{ type: "reset" } as const]),
    ...(text === "" ? [] : [{ type: "delta", text } as const]),
  ]
  return { state: { ...ended.state, content: text }, news: [...anew, ...ended.news] }
}

const over = (state: TurnState, end: TurnEnd): Folded => ({
  state: { ...state, open: {}, end },
  news: abandoned(state, end.status === "done" ? "succeeded" : "failed"),
})

function become(state: TurnState, status: TurnState["status"]): Folded {
  if (state.status === status) return quiet(state)
  return { state: { ...state, status }, news: [{ type: "status", status }] }
}
