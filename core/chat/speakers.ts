import type { Json } from "#core/json"

/** Nodes inside an agent's body: who speaks there is the agent. */
const inner: ReadonlySet<string> = new Set(["think", "calls", "call"])

/** Nodes of the graphs that are made of one agent or crew alone. */
const alone: ReadonlySet<string> = new Set(["agent", "crew"])

const nameOf = (segment: string): string => segment.replace(/\[\d+\]$/, "")

/** Who does what an event tells: a member's position or a node's id; the partner where it acts itself. */
export function whoOf(event: { node_id: string; scope?: string | undefined }, partner: string): string {
  const path = [...(event.scope ?? "").split("/").filter(Boolean).map(nameOf), event.node_id]
  const name = path.findLast((one) => !inner.has(one)) ?? event.node_id
  return alone.has(name) ? partner : name
}

const mostDetail = 1_000

/** A value as far as a step shows it; the execution's page has the whole. */
export function bounded(value: Json): Json {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  if (text.length <= mostDetail) return value
  return `${text.slice(0, mostDetail)}…`
}
