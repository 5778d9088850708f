import type { Act } from "#core/flow/kinds/kind"
import type { Builtin } from "#core/tool/builtin/builtin"
import type { ToolDraft } from "#core/tool/tool"

/**
 * Every feature by which the product calls an address that a tenant, a model or a server named. Each has a probe in
 * `test/e2e/outbound.test.ts`, which does not compile without it.
 */
export type OutboundFeature =
  | "http node"
  | "http tool"
  | "openapi tool"
  | "mcp tool"
  | "web page tool"
  | "OpenAPI import"
  | "MCP import"
  | "tool check"
  | "provider test"
  | "model call"
  | "OpenAI endpoint"
  | "container program"
  | "OpenID provider"
  | "budget alert"
  | "audit checkpoint"

/** Why something of the product calls nobody. */
type Stays = { calls: "nobody"; because: string }
type Leaves = { by: OutboundFeature }

/** Kinds of tools, and the features that their calls are; a new kind does not compile without its line. */
export const byToolKind = {
  http: { by: "http tool" },
  openapi: { by: "openapi tool" },
  mcp: { by: "mcp tool" },
  container: { by: "container program" },
  isolate: { calls: "nobody", because: "a function has no network" },
  flow: { calls: "nobody", because: "its nodes do" },
} as const satisfies Record<ToolDraft["kind"], Leaves | Stays>

/** What steps of an execution do. */
export const byAct = {
  http: { by: "http node" },
  model: { by: "model call" },
  tool: { calls: "nobody", because: "each kind of tool has its own line" },
  program: { calls: "nobody", because: "a code node is a function, which has no network" },
  check: { calls: "nobody", because: "it judges a call" },
  scope: { calls: "nobody", because: "its inner steps do" },
  pure: { calls: "nobody", because: "it computes" },
  approval: { calls: "nobody", because: "people come to it" },
  wait: { calls: "nobody", because: "a callback comes in" },
  input: { calls: "nobody", because: "it is given" },
  none: { calls: "nobody", because: "it is not done" },
} as const satisfies Record<Act, Leaves | Stays>

/** What tools do that every tenant has. */
export const byDeed = {
  page: { by: "web page tool" },
  computed: { calls: "nobody", because: "it computes" },
  recall: { calls: "nobody", because: "it reads what was remembered" },
  remember: { calls: "nobody", because: "it writes into the tenant's database" },
} as const satisfies Record<Builtin["deed"]["is"], Leaves | Stays>

/** The files that open a way out, and the features that leave by it. A file that is not here fails the habits' test. */
export const doors: Record<string, readonly OutboundFeature[]> = {
  "worker/objects/execution.ts": [
    "http node",
    "http tool",
    "openapi tool",
    "mcp tool",
    "web page tool",
    "model call",
  ],
  // The same call as that of a step, by the same door.
  "worker/services/builder/ask-once.ts": ["model call"],
  "worker/services/auth/sso/provider.ts": ["OpenID provider"],
  "worker/services/openai/ask-model.ts": ["OpenAI endpoint"],
  "worker/services/providers/try.ts": ["provider test"],
  "worker/services/webhooks.ts": ["budget alert", "audit checkpoint"],
  "worker/services/tools/fetched.ts": ["OpenAPI import"],
  "worker/services/tools/import-mcp.ts": ["MCP import"],
  "worker/services/tools/validate.ts": ["tool check"],
  "sandbox-runner/egress/gateway.ts": ["container program"],
}

/** The only files that connect to anything without the guard, and why they may. */
export const connecting: Record<string, string> = {
  "worker/egress/guard.ts": "it is the guard",
  "worker/tools/sandbox/runner.ts": "the operator's own address of the sandbox, which no tenant can set",
  "sandbox-runner/egress/dial.ts": "it dials addresses that the resolver has judged",
  "sandbox-runner/egress/forward.ts": "it speaks over a socket that was dialled so",
  "sandbox-runner/egress/resolver.ts": "it asks the name servers",
}
