import type { Proposal, Progress } from "#core/contract/flow-builder"
import type { FlowNode } from "#core/flow/graph"
import { atom } from "#web/state/jotai.ts"
import type { CanvasMarks } from "#web/flow/change-mark.tsx"
import type { FlowDraft } from "#core/contract/flows"

/** One request for changes, and what has come of it. */
export type BuilderTurn = {
  id: number
  message: string
  /** The nodes that were there when it was asked. */
  known: ReadonlySet<string>
} & (
  | { is: "under_way"; progress: Progress | null }
  | { is: "proposed"; proposal: Proposal; refused: ReadonlySet<number> }
  | { is: "decided"; proposal: Proposal; accepted: readonly number[] }
  | { is: "stopped" }
  | { is: "failed"; error: unknown }
)

export const builderTurnsAtom = atom<readonly BuilderTurn[]>([])
/** The request under way: it goes on while another panel is open, and ends with the page. */
export const builderAskingAtom = atom<AbortController | null>(null)
/** What is being written to the model; kept while the panel is away. */
export const builderMessageAtom = atom("")
/** The model that is asked; the tenant's default without one. */
export const builderModelAtom = atom<{ model?: string | undefined; llm_provider_id?: string | undefined }>({})

/** What the canvas shows while a proposal is looked through. */
export type ShownReview = {
  graph: Pick<FlowDraft, "nodes" | "edges">
  marks: CanvasMarks
  /** How many changes are drawn. */
  count: number
}
export const shownReviewAtom = atom<ShownReview | null>(null)
/** The change that is looked at, by its place in the list, and its nodes. */
export const reviewedAtom = atom<{ i: number; nodes: readonly FlowNode["id"][] } | null>(null)
