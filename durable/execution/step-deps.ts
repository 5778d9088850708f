import type { ActiveExecution } from "./active.ts"
import type { ExecutionPorts, TenantRef } from "./ports.ts"

/** What steps are done with. */
export type StepDeps = {
  ports: ExecutionPorts
  tenant: () => TenantRef
  stream(run: ActiveExecution): void
  chance: (bytes: number) => Uint8Array
}
