import type { ChatStep } from "#core/contract/chat"
import type { ExecutionEvent } from "#core/execution/event"
import type { Json } from "#core/json"

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
  /** The place whose words are the answer as far as it has come, and who speaks there. */
  speaker: { place: string; by: string } | undefined
  /** Whether the speaker has ended: then another may speak. */
  isSaid: boolean
  content: string
  /** Names of the agents at work, by their nodes' places. */
  agents: Readonly<Record<string, string>>
  /** What tools are called with, by place. */
  given: Readonly<Record<string, Json>>
  /** Work that was handed on: the steps that say so, by the place where it is done. */
  handedOn: Readonly<Record<string, string>>
  /** Steps that have not ended, by what they are and where. */
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
  agents: {},
  given: {},
  handedOn: {},
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
export type Placed = { node_id: string; scope?: string | undefined }
export type NodeEvent = Extract<ExecutionEvent, Placed>
export type Of<T extends ExecutionEvent["type"]> = Extract<ExecutionEvent, { type: T }>

export const quiet = (state: TurnState): Folded => ({ state, news: [] })

/** One thing after another. */
export function andThen(first: Folded, next: (state: TurnState) => Folded): Folded {
  const { state, news } = next(first.state)
  return { state, news: [...first.news, ...news] }
}

export const placeOf = ({ node_id, scope }: Placed): string => (scope ? `${scope}/${node_id}` : node_id)
