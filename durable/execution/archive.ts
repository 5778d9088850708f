import type { ExecutionId } from "#core/ids"
import type { ExecutionPorts, TenantRef } from "./ports.ts"
import type { ExecutionStore, JournalRow } from "./store.ts"

type Deps = {
  store: ExecutionStore
  ports: Pick<ExecutionPorts, "archive" | "journalDays" | "now">
  tenant: () => TenantRef
  wakeAt: (due: number) => void
}

const dayMs = 86_400_000
const mostAtOnce = 100
/** Journals from the archive that are kept at hand for whoever pages through them. */
const mostAtHand = 8

/**
 * Journals that are out of use: they leave the object for the bucket, row by row as they were, and are read from there when
 * somebody asks. The execution's row stays, so that an id is known for good.
 */
export class Archive {
  private readonly deps: Deps
  private readonly atHand = new Map<ExecutionId, JournalRow[]>()
  private isAppointed = false

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Makes sure that what has ended is looked at when its time has come. */
  appoint(): void {
    const days = this.deps.ports.journalDays()
    if (this.isAppointed || days === 0) return
    this.isAppointed = true
    // The oldest counts: an object that is made anew must not put off what an earlier one had appointed.
    this.deps.wakeAt((this.deps.store.firstSettled() ?? this.deps.ports.now()) + days * dayMs)
  }

  /** Moves what ended long enough ago. One that cannot be moved now is tried again with the next. */
  async sweep(): Promise<void> {
    const { store, ports, tenant, wakeAt } = this.deps
    this.isAppointed = false
    const days = ports.journalDays()
    if (days === 0) return
    const before = ports.now() - days * dayMs
    const ids = store.settledBefore(before, mostAtOnce)
    for (const id of ids) {
      try {
        const rows = store.rows(id)
        await ports.archive.put(nameOf(tenant(), id), rows.map((row) => JSON.stringify(row)).join("\n"))
        store.moveOut(id)
      } catch (error) {
        console.warn("execution: a journal could not be moved", { execution: id, error: String(error) })
        this.isAppointed = true
        return wakeAt(ports.now() + dayMs / 24)
      }
    }
    const next = ids.length === mostAtOnce ? before : store.firstSettled()
    if (next === undefined) return
    this.isAppointed = true
    // One whose index row has not arrived yet keeps its place at the front; it is not asked for all the time.
    wakeAt(Math.max(next + days * dayMs, ports.now() + (ids.length === 0 ? dayMs / 24 : 1_000)))
  }

  /** Brings a journal to hand that was moved out; does nothing for the others. */
  async fetch(id: ExecutionId): Promise<void> {
    const { store, ports, tenant } = this.deps
    if (this.atHand.has(id) || !store.isMovedOut(id)) return
    const text = await ports.archive.get(nameOf(tenant(), id))
    if (text === undefined) throw new Error(`the journal of ${id} is not in the archive`)
    this.atHand.set(
      id,
      text.split("\n").map((line) => JSON.parse(line) as JournalRow),
    )
    if (this.atHand.size > mostAtHand) this.atHand.delete(this.atHand.keys().next().value!)
  }

  /** Deletes a journal where it lies. */
  async forget(id: ExecutionId): Promise<void> {
    const { store, ports, tenant } = this.deps
    this.atHand.delete(id)
    if (store.isMovedOut(id)) await ports.archive.delete(nameOf(tenant(), id))
  }

  /** The rows of a journal that is at hand. */
  rows(id: ExecutionId): JournalRow[] | undefined {
    return this.atHand.get(id)
  }
}

const nameOf = (tenant: TenantRef, id: ExecutionId): string => `${tenant.id}/journals/${id}.ndjson`
