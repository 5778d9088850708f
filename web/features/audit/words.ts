import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { differences, type Difference } from "#core/json-diff"
import type { AuditRecord } from "#core/contract/audit"

/** What the log tells of, by the first word of its actions. */
export const areas: readonly { value: string; label: string }[] = [
  { value: "flow", label: "Flows" },
  { value: "agent", label: "Agents" },
  { value: "crew", label: "Crews" },
  { value: "tool", label: "Tools" },
  { value: "trigger", label: "Triggers" },
  { value: "execution", label: "Executions" },
  { value: "approval", label: "Approvals" },
  { value: "chat", label: "Chats" },
  { value: "provider", label: "Model providers" },
  { value: "model_alias", label: "Model aliases" },
  { value: "credential", label: "Credentials" },
  { value: "secrets", label: "Secrets" },
  { value: "key", label: "API keys" },
  { value: "session", label: "Sessions" },
  { value: "user", label: "Members" },
  { value: "memory", label: "Memories" },
  { value: "workspace", label: "Workspace" },
  { value: "privacy", label: "Privacy" },
  { value: "audit", label: "The audit log" },
]

export const actorOf = ({ actor, actor_name }: AuditRecord): string =>
  actor_name ?? (actor === "system" ? "Edgecrew" : actor)

/** "flow.review_request" as people say it: "Flow review request". */
export function sayAction(action: string): string {
  const words = action.replaceAll(/[._]/g, " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What changed, field by field, and what else the details say. */
export function factsOf(detail: Json): { changes: Difference[]; others: JsonObject } {
  if (!isJsonObject(detail)) return { changes: [], others: {} }
  const { before, after, ...others } = detail
  return { changes: differences(before ?? {}, after ?? {}), others }
}
