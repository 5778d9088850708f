import type { ChatStep } from "#core/contract/chat"
import type { ExecutionEvent } from "#core/execution/event"
import type { Json } from "#core/json"
import { textOf } from "./exchange.ts"
import { mostSteps } from "./reduce.ts"
import { bounded, whoOf } from "./speakers.ts"

/** What an answer comes to while its execution goes on, before it has a place in the chat's log. */
export type News =
  | { type: "delta"; text: string }
  | { type: "reset" }
  | { type: "step"; step: ChatStep }
  /** A person is waited for, or no longer. */
  | { type: "status"; status: "answering" | "waiting" }

export type TurnEnd = {
  status: "done" | "failed" | "stopped"
  error: { code: string; message: string } | null
  outputs: Json | undefined
}

/** What has become of an answer so far: all that folding the next event of its execution needs. */
export type TurnState = {
  /** The place whose words are the answer, as far as it has come. */
  speaker: string | undefined
  /** Whether the speaker has ended: then another may speak. */
  isSaid: boolean
  content: string
  /** Steps that have not ended, by the place and kind that ends them. */
  open: Readonly<Record<string, ChatStep>>
  questions: number
  steps: number
  status: "answering" | "waiting"
  end: TurnEnd | undefined
  input_tokens: number
  output_tokens: number
  cost_micros: number
}

export const firstTurnState: TurnState = {
  speaker: undefined,
  isSaid: true,
  content: "",
  open: {},
  questions: 0,
  steps: 0,
  status: "answering",
  end: undefined,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
}

/** Whose execution it is, and how it is heard. */
export type Listening = {
  /** The name of whom one talks with. */
  partner: string
  /** Its words are not the answer, but something on the way to it: an attached flow. Its steps happen inside this one. */
  inside?: string | undefined
}

export type Folded = { state: TurnState; news: News[] }

type NodeEvent = Extract<ExecutionEvent, { node_id: string; scope?: string | undefined }>
type Of<T extends ExecutionEvent["type"]> = Extract<ExecutionEvent, { type: T }>

const quiet = (state: TurnState): Folded => ({ state, news: [] })
const placeOf = (event: { node_id: string; scope?: string | undefined }): string =>
  event.scope ? `${event.scope}/${event.node_id}` : event.node_id

/**
 * Folds one more event of an execution into the answer that it makes. Pure, so that whoever has forgotten everything reads the
 * journal from its beginning and comes to the same news.
 */
export function foldTurn(state: TurnState, event: ExecutionEvent, how: Listening): Folded {
  if (state.end) return quiet(state)
  switch (event.type) {
    case "model.started":
      return opened(state, `model ${placeOf(event)}`, event, how, {
        type: "model",
        title: event.data.model,
      })
    case "model.delta":
    case "node.delta":
      return how.inside === undefined ? spoken(state, event) : quiet(state)
    case "model.finished":
      return modelFinished(state, event)
    case "model.failed":
      return modelFailed(state, event)
    case "http.started":
      return opened(state, `http ${placeOf(event)}`, event, how, {
        type: "tool",
        title: `${event.data.method} ${withoutQuery(event.data.url)}`,
      })
    case "http.finished":
      return closed(state, `http ${placeOf(event)}`, event, { result: { status: event.data.status } })
    case "http.failed":
      return closed(state, `http ${placeOf(event)}`, event, {
        result: errorOf(event.data.error),
        status: "failed",
      })
    case "approval.requested":
      return asked(state, event, how)
    case "approval.answered":
      return answered(state, event, { button: event.data.button, actor: event.data.actor })
    case "approval.timed_out":
      return answered(state, event, "Nobody answered in time.")
    case "node.failed":
      return event.data.handles.length > 0 ? failedStep(state, event, how) : quiet(state)
    case "execution.waiting":
      return state.questions > 0 ? become(state, "waiting") : quiet(state)
    case "execution.needs_attention":
      return become(state, "waiting")
    case "node.started":
      return become(state, "answering")
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

/** What came before a question mark may be anybody's business; what comes behind it may be a secret. */
const withoutQuery = (url: string): string => url.split(/[?#]/)[0]!.slice(0, 300)

/**
 * The words of one place at a time are the answer: of the one that began last. While it speaks, others that speak beside it are
 * seen as steps only.
 */
function spoken(state: TurnState, event: Of<"model.delta" | "node.delta">): Folded {
  const place = placeOf(event)
  const { text } = event.data
  if (state.speaker === place && !state.isSaid) return said(state, text)
  if (!state.isSaid) return quiet(state)
  const isFirst = state.content === ""
  const next = said({ ...state, speaker: place, isSaid: false, content: "" }, text)
  return isFirst ? next : { ...next, news: [{ type: "reset" }, ...next.news] }
}

const said = (state: TurnState, text: string): Folded => ({
  state: { ...state, content: state.content + text },
  news: [{ type: "delta", text }],
})

function modelFinished(state: TurnState, event: Of<"model.finished">): Folded {
  const place = placeOf(event)
  const { usage, cost_micros } = event.data
  const counted: TurnState = {
    ...state,
    isSaid: state.isSaid || state.speaker === place,
    input_tokens: state.input_tokens + usage.input_tokens,
    output_tokens: state.output_tokens + usage.output_tokens,
    cost_micros: state.cost_micros + cost_micros,
  }
  const { input_tokens, output_tokens } = usage
  return closed(counted, `model ${place}`, event, { input_tokens, output_tokens, cost_micros })
}

/** Another target, or another try, says it anew. */
function modelFailed(state: TurnState, event: Of<"model.failed">): Folded {
  const place = placeOf(event)
  const { state: next, news } = closed(state, `model ${place}`, event, {
    result: errorOf(event.data.error),
    status: "failed",
  })
  if (state.speaker !== place || state.isSaid) return { state: next, news }
  return {
    state: { ...next, speaker: undefined, isSaid: true, content: "" },
    news: state.content === "" ? news : [...news, { type: "reset" }],
  }
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
  const first = closed(
    { ...state, questions: Math.max(0, state.questions - 1) },
    `approval ${placeOf(event)}`,
    event,
    {
      result,
      status,
    },
  )
  const then = become(first.state, "answering")
  return { state: then.state, news: [...first.news, ...then.news] }
}

function failedStep(state: TurnState, event: Of<"node.failed">, how: Listening): Folded {
  const { code, message } = event.data.error
  const step = stepOf(state, event, how, {
    type: "error",
    title: message,
    detail: { code },
    status: "failed",
  })
  return told(state, { ...step, duration_ms: 0 })
}

function succeeded(state: TurnState, event: Of<"execution.succeeded">, how: Listening): Folded {
  const outputs = event.data.outputs as Json
  const text = how.inside === undefined ? textOf(outputs) : state.content
  const ended = over(state, { status: "done", error: null, outputs })
  if (text === state.content) return ended
  const said: News[] = text === "" ? [] : [{ type: "delta", text }]
  return {
    state: { ...ended.state, content: text },
    news: [...(state.content === "" ? [] : [{ type: "reset" } as const]), ...said, ...ended.news],
  }
}

/** What has not ended by itself has ended with the whole. */
function over(state: TurnState, end: TurnEnd): Folded {
  const news = Object.values(state.open).map((step): News => ({
    type: "step",
    step: { ...step, status: end.status === "done" ? "succeeded" : "failed" },
  }))
  return { state: { ...state, open: {}, end }, news }
}

function become(state: TurnState, status: TurnState["status"]): Folded {
  if (state.status === status) return quiet(state)
  return { state: { ...state, status }, news: [{ type: "status", status }] }
}

type Begun = Pick<ChatStep, "type" | "title"> & Partial<ChatStep>

function stepOf(state: TurnState, event: NodeEvent, how: Listening, begun: Begun): ChatStep {
  return {
    id: `${how.inside ?? "s"}${event.seq}`,
    by: whoOf(event, how.partner),
    detail: null,
    result: null,
    status: "running",
    parent: how.inside ?? null,
    approval_id: null,
    started_at: event.at,
    duration_ms: null,
    cost_micros: 0,
    input_tokens: 0,
    output_tokens: 0,
    ...begun,
    ...(begun.detail === undefined ? {} : { detail: bounded(begun.detail) }),
  }
}

function told(state: TurnState, step: ChatStep): Folded {
  if (state.steps >= mostSteps) return quiet(state)
  return { state: { ...state, steps: state.steps + 1 }, news: [{ type: "step", step }] }
}

/** A step begins that another event will end. */
function opened(state: TurnState, key: string, event: NodeEvent, how: Listening, begun: Begun): Folded {
  if (state.steps >= mostSteps) return quiet(state)
  const step = stepOf(state, event, how, begun)
  return told({ ...state, open: { ...state.open, [key]: step } }, step)
}

function closed(state: TurnState, key: string, event: ExecutionEvent, more: Partial<ChatStep>): Folded {
  const { [key]: begun, ...open } = state.open
  if (!begun) return quiet(state)
  const step: ChatStep = {
    ...begun,
    status: "succeeded",
    duration_ms: Math.max(0, Date.parse(event.at) - Date.parse(begun.started_at)),
    ...more,
    ...(more.result === undefined ? {} : { result: bounded(more.result) }),
  }
  return { state: { ...state, open }, news: [{ type: "step", step }] }
}
