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
  { value: "budget", label: "Budgets" },
  { value: "session", label: "Sessions" },
  { value: "ticket", label: "Tickets" },
  { value: "access", label: "Refusals" },
  { value: "support", label: "Support" },
  { value: "sso", label: "Single sign-on" },
  { value: "user", label: "Members" },
  { value: "member", label: "Resets by admins" },
  { value: "invitation", label: "Invitations" },
  { value: "memory", label: "Memories" },
  { value: "workspace", label: "Workspace" },
  { value: "tenant", label: "Set by the operator" },
  { value: "feature", label: "Features" },
  { value: "privacy", label: "Privacy" },
  { value: "audit", label: "The audit log" },
]

export const actorOf = ({ actor, actor_name }: AuditRecord): string =>
  actor_name ?? (actor === "system" ? "Edgecrew" : actor)

/** Actions that name what was done less well than a few words do. */
const said: Readonly<Record<string, string>> = { "credential.use": "Credential used" }

/** "flow.review_request" as people say it: "Flow review request". */
export function sayAction(action: string): string {
  if (Object.hasOwn(said, action)) return said[action]!
  const words = action.replaceAll(/[._]/g, " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What changed, field by field, and what else the details say. */
export function factsOf(detail: Json): { changes: Difference[]; others: JsonObject } {
  if (!isJsonObject(detail)) return { changes: [], others: {} }
  const { before, after, ...others } = detail
  return { changes: differences(before ?? {}, after ?? {}), others }
}

/** What an entry is about, in short: how a credential was used, else the fields that changed. */
export function sayFacts({ action, detail, is_erased }: AuditRecord): string {
  if (is_erased) return "details erased"
  const after = action === "credential.use" && isJsonObject(detail) ? detail["after"] : undefined
  if (!isJsonObject(after))
    return factsOf(detail)
      .changes.map(({ path }) => path)
      .join(", ")
  const { node_id, count } = after
  if (typeof node_id !== "string")
    return after["for"] === "tool.import" ? "to import tools" : "to check a tool"
  return `by the step ${node_id}${count === 1 ? "" : `, ${Number(count).toLocaleString("en")} times`}`
}
