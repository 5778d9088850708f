import { ProgramFailure, type ProgramRequest } from "#core/tool/program"
import type { ProgramCall, RunProgram } from "#durable/execution/program-port"
import type { Json } from "#core/json"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import { keepArtifacts } from "#worker/services/executions/artifacts"
import { cleanerOf } from "#worker/services/http-step/clean"
import { readJson } from "#core/strict-json"
import { CleanPrint } from "./cleaning.ts"
import { mostResultBytes, type ProgramPlace } from "./place.ts"
import { withCredentials } from "./secrets.ts"

/** What running programs needs of its surroundings. */
export type ProgramDeps = {
  isolates: ProgramPlace
  containers: ProgramPlace
  credential(call: ProgramCall, id: string): Promise<ResolvedCredential | undefined>
  bucket: R2Bucket
}

/** Runs programs where they belong: secrets go in by their environment alone, and nothing of them comes out again. */
export const runProgramOf =
  (deps: ProgramDeps): RunProgram =>
  async (call, signal, log) => {
    const { program, secrets } = await filled(deps, call)
    const clean = cleanerOf(secrets)
    const printed = new CleanPrint(secrets, log)
    const place = program.kind === "isolate" ? deps.isolates : deps.containers
    const { tenant, run_key, idempotency_key } = call
    try {
      const job = { program, tenant: tenant.id, run_key, idempotency_key }
      const { result, files } = await place.run(job, signal, (stream, text) => printed.write(stream, text))
      const value = clean.json(judged(result))
      const owner = { tenant: tenant.id, execution_id: call.execution_id, run_key }
      const left = files.map((one) => ({ ...one, shown: clean.text(one.path) }))
      return { result: value, artifacts: await keepArtifacts(deps.bucket, owner, left) }
    } catch (error) {
      if (error instanceof ProgramFailure && secrets.length > 0)
        throw new ProgramFailure(error.code, clean.text(error.message), error.retry_after_ms)
      throw error
    } finally {
      printed.flush()
    }
  }

async function filled(
  deps: ProgramDeps,
  call: ProgramCall,
): Promise<{ program: ProgramRequest; secrets: string[] }> {
  const { program } = call
  if (program.kind === "isolate") return { program, secrets: [] }
  return withCredentials(program, (id) => deps.credential(call, id))
}

const encoder = new TextEncoder()

/** A result that everything after it reads alike: bounded in size and depth, without names that mean something by themselves. */
function judged(result: unknown): Json {
  const text = JSON.stringify(result ?? null)
  if (text.length * 3 > mostResultBytes && encoder.encode(text).length > mostResultBytes)
    throw new ProgramFailure("tool.bad_result", "The result is larger than 1 MiB.")
  const read = readJson(text)
  if (read.ok) return read.value as Json
  const why = "fault" in read ? `${read.fault.path || "the value"}: ${read.fault.message}` : "it is no JSON"
  throw new ProgramFailure("tool.bad_result", `The result cannot be passed on: ${why}.`)
}
