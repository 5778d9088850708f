import type { RunProgram } from "#durable/execution/program-port"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { hasIsolates, settingsOf, type Env } from "#worker/env"
import { resolveCredential } from "#worker/services/credentials/resolve"
import { DynamicPlace } from "./isolate/dynamic.ts"
import type { Job, ProgramPlace } from "./place.ts"
import { runProgramOf } from "./programs.ts"
import { nowhere, SandboxPlace } from "./sandbox/place.ts"
import { runnerOf } from "./sandbox/runner.ts"

/** Where the programs of a tenant run: functions in Dynamic Workers where the platform limits them, all else in the runner, or nowhere. */
export function runProgramFor(env: Env): RunProgram {
  const placeOf = ({ tenant, run_key }: Job): ProgramPlace => {
    const runner = runnerOf(env, tenant, run_key)
    return runner ? new SandboxPlace(runner) : nowhere
  }
  const sandbox: ProgramPlace = {
    run: (job, signal, print) => placeOf(job).run(job, signal, print),
  }
  const isolates = hasIsolates(env) ? new DynamicPlace(env.LOADER) : sandbox
  return runProgramOf({
    isolates,
    containers: sandbox,
    credential: ({ tenant }, id) =>
      resolveCredential(
        { tenant, now: Date.now(), db: () => tenantDb(env, tenant.slot), control: () => controlDb(env) },
        settingsOf(env),
        id,
      ),
    bucket: env.BLOBS,
  })
}
