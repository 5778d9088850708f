import type { AgentDraft, AgentOverrides } from "#core/agent/agent"

/** What each part of the overrides works with. */
export type OverrideParts = {
  /** As it would be without any. */
  base: AgentDraft
  own: AgentOverrides
  put: (patch: AgentOverrides) => void
  /** By dotted path within the overrides. */
  faultAt: (path: string) => string | undefined
  disabled: boolean
}
