import type { AgentDraft } from "#core/agent/agent"
import type { Draft } from "#web/agent/use-draft.ts"

/** The agent as it is typed, with what is wrong with it. */
export type AgentDraftState = Draft<AgentDraft>

/** What each part of the form works with. */
export type Parts = { draft: Pick<AgentDraftState, "draft" | "set" | "faults">; disabled: boolean }
