import type { Execution } from "#core/contract/executions"
import type { NewEvent } from "#core/execution/event"

const node = (id: string, type: string, more: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: {},
  ...more,
})

/** Input, a map with two steps inside, an approval, an output. */
export const invoices: Execution["graph"] = {
  nodes: [
    node("in", "input", { label: "Invoices" }),
    node("each", "map", { label: "Each invoice", data: { items: "{{ input }}" } }),
    node("draft", "llm", { parent_id: "each", label: "Write a reply" }),
    node("send", "http", { parent_id: "each", label: "Send it" }),
    node("ask", "approval", { label: "May it go?" }),
    node("out", "output"),
  ],
  edges: [
    { id: "1", source: "in", target: "each" },
    { id: "2", source: "draft", target: "send" },
    { id: "3", source: "each", target: "ask" },
    { id: "4", source: "ask", target: "out", source_handle: "yes" },
  ],
}

export const begun: NewEvent[] = [
  {
    type: "execution.queued",
    data: {
      flow_id: "flow_01JD0000000000000000000000",
      flow_name: "Invoices",
      flow_version: 3,
      definition: "d",
      engine_version: 2,
      actor: "user_01JD0000000000000000000001",
      inputs: {},
      timeout_ms: 60_000,
    },
  },
  { type: "execution.started", data: {} },
  { type: "node.succeeded", node_id: "in", attempt: 1, data: { output: ["a", "b"], handles: ["out"] } },
]

export const started = (node_id: string, scope = "", attempt = 1): NewEvent => ({
  type: "node.started",
  node_id,
  ...(scope ? { scope } : {}),
  attempt,
  data: {},
})

export const gave = (node_id: string, scope: string, output: string): NewEvent => ({
  type: "node.succeeded",
  node_id,
  ...(scope ? { scope } : {}),
  attempt: 1,
  data: { output, handles: ["out"] },
})

/** The map begins to go through some items, by their words. */
export const opened = (...items: string[]): NewEvent[] => [
  {
    type: "node.started",
    node_id: "each",
    attempt: 1,
    data: { input: { items }, total: items.length },
  },
  ...items.map((_, index): NewEvent => ({
    type: "scope.opened",
    node_id: "each",
    attempt: 1,
    data: { path: `each[${index}]`, index },
  })),
]

/** The approval asks. */
export const asked = (assignees: string[] = []): NewEvent[] => [
  started("ask"),
  {
    type: "approval.requested",
    node_id: "ask",
    attempt: 1,
    data: {
      approval_id: "appr_01JD0000000000000000000001",
      title: "Send both replies?",
      buttons: [
        { id: "yes", label: "Send them" },
        { id: "no", label: "Throw them away" },
      ],
      assignees,
    },
  },
  { type: "node.waiting", node_id: "ask", attempt: 1, data: { for: "approval" } },
]
