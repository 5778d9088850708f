import type { FrozenGraph } from "#core/flow/frozen"
import { planOf, type Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { describedBy } from "#core/trace/describe"
import type { Describe } from "#core/trace/trace"
import type { ExecutionStore } from "./store.ts"

const mostKept = 200

/** The plans of the definitions that a lane knows; each is read and planned once. */
export class Plans {
  private readonly store: ExecutionStore
  private readonly kept = new Map<string, Plan>()

  constructor(store: ExecutionStore) {
    this.store = store
  }

  /** The plan of a definition that this lane was given before, or is given now. */
  of(hash: string, given?: string): Plan | undefined {
    const known = this.kept.get(hash)
    if (known) return known
    if (given !== undefined) this.store.keepDefinition(hash, given)
    else if (!this.store.hasDefinition(hash)) return undefined
    // It was checked before it was frozen.
    const plan = planOf(JSON.parse(given ?? this.store.definition(hash)) as FrozenGraph)
    this.kept.set(hash, plan)
    if (this.kept.size > mostKept) this.kept.delete(this.kept.keys().next().value!)
    return plan
  }

  /** What the graph of an execution knows of its nodes; nothing, when it cannot be read any more. */
  describe(id: ExecutionId): Describe {
    try {
      return describedBy(this.of(this.store.definitionOf(id) ?? "")!)
    } catch {
      return () => undefined
    }
  }
}
