import { sum } from "./world.ts"

/** Ids that look right and that nobody has. */
export const unknownIds = {
  flow_id: "flow_01JD0000000000000000000000",
  execution_id: "exec_0001JD0000000000000000000000",
  /** A file that a step left behind. */
  step: "A".repeat(16),
  file: "A".repeat(16),
  audit_id: "audit_01JD0000000000000000000000",
  span_id: "0123456789abcdef",
  provider_id: "provider_01JD0000000000000000000000",
  alias_id: "alias_01JD0000000000000000000000",
  budget_id: "budget_01JD0000000000000000000000",
  agent_id: "agent_01JD0000000000000000000000",
  crew_id: "crew_01JD0000000000000000000000",
  tool_id: "tool_01JD0000000000000000000000",
  memory_id: "mem_01JD0000000000000000000000",
  chat_id: "chat_01JD0000000000000000000000",
  message_id: "msg_01JD0000000000000000000000",
  /** Examples are nobody's. */
  example_id: "nothing",
  credential_id: "cred_01JD0000000000000000000000",
  key_id: "key_01JD0000000000000000000000",
  session_id: "session_01JD0000000000000000000000",
  tenant_id: "tenant_01JD0000000000000000000000",
  user_id: "user_01JD0000000000000000000000",
  impersonation_id: "imp_01JD0000000000000000000000",
  name: "registration",
  invitation_id: "invite_01JD0000000000000000000000",
  /** The execution that asks the question `approval_id`. */
  question: "exec_0001JD0000000000000000000001",
  approval_id: "appr_01JD0000000000000000000000",
  trigger_id: "trig_01JD0000000000000000000000",
  delivery_id: "dlv_01JD0000000000000000000000",
  named_id: "named_01JD0000000000000000000000",
  review_id: "review_01JD0000000000000000000000",
  thread_id: "thread_01JD0000000000000000000000",
  comment_id: "comment_01JD0000000000000000000000",
  hold_id: "hold_01JD0000000000000000000000",
  erasure_id: "erasure_01JD0000000000000000000000",
  token: "A".repeat(43),
  version: "1",
} satisfies Record<string, string>

export type Ids = Record<keyof typeof unknownIds, string>

const isKnown = (name: string): name is keyof Ids => name in unknownIds

/** A route's path with its parameters filled in; one that we have no id for fails the test that added it. */
export const fill = (path: string, ids: Ids): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!isKnown(name))
      throw new Error(`There is no id for {${name}} of ${path}: add one to test/e2e/kit/routes.ts`)
    return name === "execution_id" && path.includes("{approval_id}") ? ids.question : ids[name]
  })

/** What some routes want to be sent, by the end of their paths. */
const bodies: [string, unknown][] = [
  ["/execute", { inputs: {} }],
  ["/named-versions", { name: "Taken over" }],
  ["/comments", { text: "Taken over" }],
  ["/comments/{thread_id}", { text: "Taken over" }],
  ["/agents/{agent_id}/test", { task: "Sum it up" }],
  ["/tools/{tool_id}/invoke", { input: {} }],
  ["/crews/{crew_id}/test", { input: {} }],
  ["/reviews/{review_id}", { answer: "approve" }],
  ["/workspace/delete", { confirm: "taken over" }],
  ["/erase/{erasure_id}", { confirm: "taken over" }],
  ["/messages", { content: "Hello" }],
  ["/edit", { content: "Hello" }],
  ["/rollback", { version: 1 }],
  ["/propose", { message: "Add a note saying taken over" }],
  ["/rotate", { what: "address" }],
  ["/fork", { from_step: "in" }],
  ["/resolve", { step: "in", action: "fail" }],
  ["/approvals/{approval_id}", { button: "yes" }],
  ["/by-link/{token}", { button: "yes" }],
  ["/callbacks/{token}", {}],
  ["/forms/{token}", { inputs: {} }],
]

/** What a definition is to become, by whose it is. */
function changed(path: string, { provider_id }: Ids): unknown {
  if (path.endsWith("/{alias_id}"))
    return { name: "taken-over", targets: [{ llm_provider_id: provider_id, model: "any" }] }
  if (path.endsWith("/audit/webhook")) return { url: "https://audit.internal/taken-over" }
  if (path.endsWith("/{budget_id}")) return { name: "Taken over", scope: "tenant", limit_micros: 0 }
  if (path.endsWith("/{crew_id}")) return { name: "Taken over", collaboration_pattern: "sequential" }
  if (path.endsWith("/{tool_id}")) {
    const execution_config = { url: "https://api.example.com" }
    return { name: "taken_over", description: "Takes over", kind: "http", execution_config }
  }
  if (path.endsWith("/{agent_id}")) return { name: "Taken over" }
  if (path.endsWith("/{thread_id}")) return { resolved: true }
  if (path.endsWith("/{comment_id}")) return { text: "Taken over" }
  if (path.endsWith("/{user_id}")) return { role: "viewer" }
  if (path.endsWith("/{chat_id}")) return { title: "Taken over" }
  if (path.endsWith("/quotas")) return { flows: 1_000_000 }
  if (path.endsWith("/feedback")) return { feedback: "up" }
  return { name: "Taken over", config: {} }
}

/** What a route is sent so that nothing but the ids in its path can be wrong with it. */
export function sending(method: string, path: string, ids: Ids): { query: string; body?: unknown } {
  const body = bodies.find(([end]) => path.endsWith(end))?.[1]
  if (method === "POST" && body !== undefined) return { query: "", body }
  if (path.endsWith("/audit/consistency")) return { query: "?from=1&to=1" }
  if (path.endsWith("/canvas")) return { query: "?client=window-0000000000000001" }
  if (path.endsWith("/callback-address")) return { query: "?step=in" }
  if (path.includes("/executions/") && path.endsWith("/diff")) return { query: `?with=${ids.execution_id}` }
  if (path.endsWith("/diff")) return { query: path.includes("/flows/") ? "?from=1" : "?from=1&to=1" }
  if (method === "PUT" && path.endsWith("/shares")) return { query: "", body: { access: "role", shares: [] } }
  if (method === "PUT" && path.includes("/flows/")) return { query: "", body: sum("Taken over") }
  if (method === "PUT" && path.includes("/triggers/"))
    return { query: "", body: { kind: "webhook", flow_id: ids.flow_id, name: "Taken over", config: {} } }
  if (method === "PUT" && path.includes("/credentials/"))
    return { query: "", body: { name: "Taken over", kind: "bearer", allowed_hosts: ["api.example.com"] } }
  if (method === "PUT" || method === "PATCH") return { query: "", body: changed(path, ids) }
  return { query: "" }
}
