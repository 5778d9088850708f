import { RunRequest } from "#core/contract/sandbox"
import { ProgramFailure, type ContainerProgram, type IsolateProgram } from "#core/tool/program"
import { harness } from "../isolate/harness.ts"
import { mostResultBytes, type Job } from "../place.ts"

/** The file by which a program may give its result, in place of a last line. What lies in `/box/out` comes back when it ends. */
export const resultFile = "edgecrew-result.json"
const outFolder = "/box/out"

/** The longest that the profile for tools allows, in ms; what needs longer asks for that of agents. */
const longestTool = 60_000
const largestTool = 1_024

/** A job as the runner takes it. Throws when the runner never would. */
export function runRequestOf(job: Job): RunRequest {
  const { program } = job
  const asked = program.kind === "isolate" ? isolate(program) : container(program, job.idempotency_key)
  const parsed = RunRequest.safeParse(asked)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ProgramFailure("sandbox.refused", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`)
}

type Asked = Parameters<typeof RunRequest.parse>[0]

function isolate({ source, input, context, limits }: IsolateProgram): Asked {
  return {
    language: "node",
    code: harness,
    stdin: { source, input, context },
    limits: limitsOf(limits, 256),
  }
}

function container(program: ContainerProgram, idempotencyKey: string): Asked {
  const { runtime, source, entrypoint, files, input, env, egress, limits } = program
  const started = source === undefined ? entryOf(runtime, entrypoint!) : { code: source }
  return {
    language: runtime === "bash" ? "shell" : runtime,
    ...started,
    stdin: input,
    files,
    env: {
      ...env,
      EDGECREW_IDEMPOTENCY_KEY: idempotencyKey,
      EDGECREW_RESULT: `${outFolder}/${resultFile}`,
    },
    limits: limitsOf(limits, 256),
    ...(egress.length === 0 ? {} : { network: { mode: "allow", allow: egress } }),
    profile: limits.wall_ms > longestTool || (limits.memory_mb ?? 0) > largestTool ? "agent" : "tool",
  }
}

/** A program that is one of its own files is begun by its interpreter. */
function entryOf(runtime: ContainerProgram["runtime"], path: string): { argv: string[] } {
  const interpreter = { python: "python3", node: "node", bash: "bash" }[runtime]
  return { argv: [interpreter, `/box/in/${path}`] }
}

function limitsOf(
  { wall_ms, cpu_ms, memory_mb, output_bytes }: IsolateProgram["limits"],
  usualMemory: number,
): Asked {
  return {
    wall_ms,
    cpu_ms: cpu_ms ?? Math.min(wall_ms, longestTool),
    memory_mb: memory_mb ?? usualMemory,
    result_bytes: mostResultBytes,
    ...(output_bytes === undefined ? {} : { output_bytes }),
  }
}
