import type { AgentDraft, AgentOverrides } from "./agent.ts"

/** An agent with what somebody changes of it for one place. */
export function overridden(draft: AgentDraft, { config = {}, ...more }: AgentOverrides = {}): AgentDraft {
  return { ...draft, ...named(more), config: { ...draft.config, ...named(config) } }
}

/** The fields that say something. */
const named = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
