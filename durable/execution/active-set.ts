import type { ExecutionId } from "#core/ids"
import type { ActiveExecution } from "./active.ts"

/** Whose share of the tenant's places an execution counts against: its flow, or who asked where an agent, a crew or a tool works alone. */
export const holderOf = (flowId: string, actor: string): string =>
  flowId.startsWith("flow_") ? flowId : actor

/** The executions that a lane has in memory, and how many of them each holder has. */
export class ActiveSet extends Map<ExecutionId, ActiveExecution> {
  private readonly shares = new Map<string, number>()
  private readonly holders = new Map<ExecutionId, string>()

  override set(id: ExecutionId, run: ActiveExecution): this {
    if (!this.holders.has(id)) this.count(id, holderOf(run.state.flow_id, run.state.actor))
    return super.set(id, run)
  }

  override delete(id: ExecutionId): boolean {
    const holder = this.holders.get(id)
    if (holder !== undefined) {
      this.holders.delete(id)
      const left = this.shareOf(holder) - 1
      if (left > 0) this.shares.set(holder, left)
      else this.shares.delete(holder)
    }
    return super.delete(id)
  }

  shareOf(holder: string): number {
    return this.shares.get(holder) ?? 0
  }

  private count(id: ExecutionId, holder: string): void {
    this.holders.set(id, holder)
    this.shares.set(holder, this.shareOf(holder) + 1)
  }
}
