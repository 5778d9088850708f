import { ProgramFailure, type IsolateProgram } from "#core/tool/program"
import { digestOf } from "#worker/digest"
import { mostResultBytes, type Ended, type Job, type Print, type ProgramPlace } from "../place.ts"
import { linesOf } from "../sandbox/lines.ts"
import { answerOfFunction } from "./answer.ts"
import { dynamicHarness } from "./dynamic-harness.ts"

/** Bytes of output that one call may print; the same as the runner's usual limit. */
const usualOutput = 1_048_576
const mostCpuMs = 30_000

/**
 * Functions in Dynamic Workers: no network, no bindings, limits by the platform. Only where the platform does enforce them: the
 * runtime on a machine of our own does not, and an endless loop would stop the whole server.
 */
export class DynamicPlace implements ProgramPlace {
  private readonly loader: WorkerLoader

  constructor(loader: WorkerLoader) {
    this.loader = loader
  }

  async run({ program, tenant }: Job, signal: AbortSignal, print: Print): Promise<Ended> {
    if (program.kind !== "isolate") throw new ProgramFailure("sandbox.unavailable")
    const { limits } = program
    const late = AbortSignal.timeout(limits.wall_ms)
    const either = AbortSignal.any([signal, late])
    try {
      return { result: answerOfFunction(await this.call(program, tenant, either, print)), files: [] }
    } catch (error) {
      signal.throwIfAborted()
      if (late.aborted)
        throw new ProgramFailure(
          "tool.timeout",
          `The code took longer than its limit of ${limits.wall_ms / 1000} s.`,
        )
      throw failureOf(error)
    }
  }

  private async call(
    program: IsolateProgram,
    tenant: string,
    signal: AbortSignal,
    print: Print,
  ): Promise<unknown> {
    const { source, input, context, limits } = program
    const cpuMs = Math.min(limits.cpu_ms ?? limits.wall_ms, mostCpuMs)
    // The same text of the same tenant is compiled once; another limit is another isolate.
    const name = `${tenant}/${digestOf(source)}/${cpuMs}`
    const worker = this.loader.get(name, () => ({
      // From later dates on the runtime brings Node's modules along, which code here is to do without.
      compatibilityDate: "2025-06-01",
      mainModule: "harness.js",
      modules: { "harness.js": dynamicHarness, "code.js": { js: source } },
      env: {},
      globalOutbound: null,
      limits: { cpuMs, subRequests: 0 },
    }))
    const answer = await worker
      .getEntrypoint()
      .fetch("http://code/", { method: "POST", body: JSON.stringify({ input, context }), signal })
    if (!answer.body) throw new ProgramFailure("tool.bad_result")
    let room = limits.output_bytes ?? usualOutput
    for await (const line of linesOf(answer.body, mostResultBytes * 2)) {
      const frame = JSON.parse(line) as { stream?: "stdout" | "stderr"; d?: string; end?: unknown }
      if (frame.end !== undefined) return frame.end
      if (frame.stream === undefined || typeof frame.d !== "string") continue
      room -= frame.d.length
      if (room < 0) throw new ProgramFailure("tool.output_limit")
      print(frame.stream, frame.d)
    }
    throw new ProgramFailure("tool.bad_result", "The code ended without a result.")
  }
}

/** The platform says in words which limit was passed. */
function failureOf(error: unknown): Error {
  if (error instanceof ProgramFailure) return error
  if (error instanceof RangeError)
    return new ProgramFailure("tool.bad_result", "The result is larger than 1 MiB.")
  const words = error instanceof Error ? error.message : String(error)
  if (/cpu/i.test(words)) return new ProgramFailure("tool.cpu_limit")
  if (/memory/i.test(words)) return new ProgramFailure("tool.memory_limit")
  return new ProgramFailure("tool.exit", words.slice(0, 900))
}
