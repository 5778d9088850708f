import { happened } from "./steps.ts"
import { isAside, whoOf } from "./speakers.ts"
import {
  placeOf,
  quiet,
  andThen,
  type Folded,
  type Listening,
  type Of,
  type Placed,
  type TurnState,
} from "./turn-state.ts"

/**
 * The words of one place at a time are the answer: of the one that began last. What another said before it was a thought on the way.
 * While one speaks, others that speak beside it are seen as steps only, and so is what is said to a colleague.
 */
export function spoken(state: TurnState, event: Of<"model.delta" | "node.delta">, how: Listening): Folded {
  const place = placeOf(event)
  if (how.inside !== undefined || isAside(state, event)) return quiet(state)
  if (!state.isSaid) return state.speaker?.place === place ? said(state, event.data.text) : quiet(state)
  const speaker = { place, by: whoOf(state, event, how) }
  return andThen(asThought(state, event, how), (next) =>
    said({ ...next, speaker, isSaid: false }, event.data.text),
  )
}

const said = (state: TurnState, text: string): Folded => ({
  state: { ...state, content: state.content + text },
  news: text === "" ? [] : [{ type: "delta", text }],
})

/** What was said so far was not the answer: it is kept as a thought. */
export function asThought(
  state: TurnState,
  event: Of<"model.delta" | "node.delta" | "agent.thought">,
  how: Listening,
): Folded {
  const { content, speaker } = state
  if (content === "") return quiet(state)
  const thought = { type: "thought", title: titleOf(content), detail: content } as const
  const by = speaker === undefined ? {} : { by: speaker.by }
  return andThen(unsaid(state), (next) => happened(next, event, how, { ...thought, ...by }, "t"))
}

export const titleOf = (text: string): string => text.trim().split("\n")[0]!.slice(0, 120)

/** What was said so far is void. */
export const unsaid = (state: TurnState): Folded => ({
  state: { ...state, speaker: undefined, isSaid: true, content: "" },
  news: state.content === "" ? [] : [{ type: "reset" }],
})

/** A model that breaks off is asked again, here or elsewhere: it says everything anew. */
export const brokenOff = (state: TurnState, event: Placed): Folded =>
  state.speaker?.place === placeOf(event) && !state.isSaid ? unsaid(state) : quiet(state)

/** Whoever asks for tools goes on thinking: what it said was no answer. */
export function thought(state: TurnState, event: Of<"agent.thought">, how: Listening): Folded {
  const { text, calls } = event.data
  if (calls === 0 || text === "") return quiet(state)
  if (state.speaker?.place === placeOf(event)) return asThought(state, event, how)
  return happened(state, event, how, { type: "thought", title: titleOf(text), detail: text })
}
