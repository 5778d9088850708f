import type { Applied } from "./applied.ts"
import { renamedNodes } from "./names.ts"
import { partsOf, type Operation } from "./operation.ts"

/** What may look different now, by id: whoever draws looks at these and at nothing else. */
export type Changes = {
  nodes: Set<string>
  edges: Set<string>
  threads: Set<string>
  fields: boolean
  /** Everything is new. */
  all: boolean
  /** Nodes of one's own that got another name, because somebody else's has theirs. */
  renamed: Map<string, string>
}

export const noChanges = (): Changes => ({
  nodes: new Set(),
  edges: new Set(),
  threads: new Set(),
  fields: false,
  all: false,
  renamed: new Map(),
})

/** Notes what an operation has touched; what a removal took along is told by its inverse. */
export function noteChanges(changes: Changes, operation: Operation, applied: Applied | undefined): void {
  for (const one of [operation, applied?.inverse]) {
    if (!one) continue
    for (const part of partsOf(one)) {
      if (part.type === "add") {
        for (const { id } of part.nodes) changes.nodes.add(id)
        for (const { id } of part.edges) changes.edges.add(id)
      } else if (part.type === "remove") {
        for (const id of part.nodes) changes.nodes.add(id)
        for (const id of part.edges) changes.edges.add(id)
      } else if (part.type === "move" || part.type === "nest")
        for (const { id } of part.moves) changes.nodes.add(id)
      else if (part.type === "set" || part.type === "text") changes.nodes.add(part.node)
      else if (part.type === "field") changes.fields = true
      else changes.threads.add(part.thread)
    }
  }
}

export function noteRenamed(changes: Changes, names: ReadonlyMap<string, string>): void {
  for (const [id, free] of renamedNodes(names)) changes.renamed.set(id, free)
}
