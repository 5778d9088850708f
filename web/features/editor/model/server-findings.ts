import type { FlowDraft } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"

/** What the server said last of a draft, such as that a tool is gone; and the draft that it said it of. */
export type ServerFindings = { of: FlowDraft; findings: readonly Finding[] }

const wordOf = ({ code, severity, node_id, edge_id, path, message }: Finding): string =>
  JSON.stringify([code, severity, node_id, edge_id, path, message])

/** Those among the server's findings that the browser, by its own rules, does not find in that draft. */
export function foundByServer({ of, findings }: ServerFindings, own: readonly Finding[]): ServerFindings {
  const known = new Set(own.map(wordOf))
  return { of, findings: findings.filter((one) => !known.has(wordOf(one))) }
}

/** Those that may still hold: of nodes that nobody has changed since. */
export function stillFound({ of, findings }: ServerFindings, draft: FlowDraft): readonly Finding[] {
  if (findings.length === 0) return findings
  const was = new Map(of.nodes.map((node) => [node.id, node.data]))
  const now = new Map(draft.nodes.map((node) => [node.id, node.data]))
  return findings.filter(({ node_id: id }) =>
    id === undefined ? of.settings === draft.settings : now.has(id) && was.get(id) === now.get(id),
  )
}
