import type { ChatStep } from "#core/contract/chat"
import type { ExecutionEvent } from "#core/execution/event"
import type { Json } from "#core/json"
import { mostSteps } from "./reduce.ts"
import { parentOf, whoOf } from "./speakers.ts"
import {
  quiet,
  type Folded,
  type Listening,
  type News,
  type NodeEvent,
  type TurnState,
} from "./turn-state.ts"

const mostDetail = 1_000

/** A value as far as a step shows it; the execution's page has the whole. */
export function bounded(value: Json): Json {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return text.length <= mostDetail ? value : `${text.slice(0, mostDetail)}…`
}

export type Begun = Pick<ChatStep, "type" | "title"> & Partial<Omit<ChatStep, "id">>

/** A step as it begins. Its id is the event's, so that whoever folds again gives it the same; `nth` tells two of one event apart. */
function stepOf(state: TurnState, event: NodeEvent, how: Listening, begun: Begun, nth = ""): ChatStep {
  return {
    id: `${how.inside ?? ""}s${event.seq}${nth}`,
    by: whoOf(state, event, how),
    result: null,
    status: "running",
    parent: parentOf(state, event, how),
    approval_id: null,
    started_at: event.at,
    duration_ms: null,
    cost_micros: 0,
    input_tokens: 0,
    output_tokens: 0,
    ...begun,
    title: begun.title.slice(0, 300),
    detail: bounded(begun.detail ?? null),
  }
}

function told(state: TurnState, step: ChatStep): Folded {
  if (state.steps >= mostSteps) return quiet(state)
  return { state: { ...state, steps: state.steps + 1 }, news: [{ type: "step", step }] }
}

/** A step that is over when it is told. */
export const happened = (
  state: TurnState,
  event: NodeEvent,
  how: Listening,
  begun: Begun,
  nth?: string,
): Folded => {
  const over = { status: "succeeded", duration_ms: 0, ...begun } as const
  return told(state, stepOf(state, event, how, over, nth))
}

/** A step begins that another event will end. */
export function opened(
  state: TurnState,
  key: string,
  event: NodeEvent,
  how: Listening,
  begun: Begun,
): Folded {
  if (state.steps >= mostSteps) return quiet(state)
  const step = stepOf(state, event, how, begun)
  return told({ ...state, open: { ...state.open, [key]: step } }, step)
}

export function closed(
  state: TurnState,
  key: string,
  event: ExecutionEvent,
  more: Partial<ChatStep>,
): Folded {
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

/** What has not ended by itself has ended with the whole. */
export const abandoned = (state: TurnState, status: ChatStep["status"]): News[] =>
  Object.values(state.open).map((step): News => ({ type: "step", step: { ...step, status } }))
