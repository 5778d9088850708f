import type { ExecutionState } from "#core/execution/state"
import type { Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import type { Departures } from "./departures.ts"
import type { Ended } from "./ports.ts"

type Deps = {
  departures: Departures
  ended(id: ExecutionId): { id: ExecutionId; state: ExecutionState; plan: Plan | undefined }
  follow(ended: Ended): Promise<void>
  /** Whether nothing is to be begun now. */
  isHeld(): boolean | Promise<boolean>
  /** Asks to be woken by an alarm, should memory be lost before they are told. */
  wakeAt(due: number): void
  now(): number
}

const safetyMs = 2_000
const mostTries = 12
/** So often it is looked whether a suspended tenant's may be told. */
const heldMs = 60_000

/** Those who are told of an execution's end: the flow for errors, and flows that begin when another ends. At least once each. */
export class Followers {
  private readonly deps: Deps
  private telling: Promise<void> | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Notes an end, with the write that says it. */
  add(id: ExecutionId): void {
    this.deps.departures.follow(id)
    this.deps.wakeAt(this.deps.now() + safetyMs)
    setTimeout(() => void this.tell(), 0)
  }

  async tell(): Promise<void> {
    await (this.telling ??= this.all().finally(() => {
      this.telling = undefined
    }))
  }

  private async all(): Promise<void> {
    await Promise.resolve()
    const told = new Set<ExecutionId>()
    const untold = () => this.deps.departures.toFollow().find(({ execution }) => !told.has(execution))
    // Asked again each time: what has ended meanwhile came while nobody else would tell of it.
    for (let one = untold(); one; one = untold()) {
      const { execution, tries } = one
      told.add(execution)
      try {
        // However long that lasts, it is none of the tries.
        if (await this.deps.isHeld()) return this.deps.wakeAt(this.deps.now() + heldMs)
        await this.deps.follow(endedOf(this.deps.ended(execution)))
        this.deps.departures.followed(execution)
      } catch (error) {
        console.warn("execution: a follower could not be told", { execution, tries, error: String(error) })
        if (tries + 1 >= mostTries) this.deps.departures.followed(execution)
        else {
          this.deps.departures.triedToFollow(execution)
          this.deps.wakeAt(this.deps.now() + Math.min(500 * 2 ** tries, 60_000))
        }
      }
    }
  }
}

function endedOf({ id, state, plan }: ReturnType<Deps["ended"]>): Ended {
  const { flow_id, flow_name, status, inputs, outputs, error, actor, depth } = state
  const error_flow_id = plan?.graph.settings.error_flow_id
  return { execution_id: id, flow_id, flow_name, status, inputs, outputs, error, actor, depth, error_flow_id }
}
