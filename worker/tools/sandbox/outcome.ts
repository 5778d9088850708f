import { sayExit } from "#core/tool/exit"
import { ProgramFailure, type ProgramRequest } from "#core/tool/program"
import { readJson } from "#core/strict-json"
import type { Ended, LeftFile } from "../place.ts"
import type { RunExit } from "./client.ts"
import { resultFile } from "./request.ts"

const seconds = (ms: number): string => `${ms / 1000} s`

/** What the end of a run means. `last` is the object in its last line, `tail` the end of what it printed to stderr. */
export function endedOf(
  exit: RunExit,
  program: ProgramRequest,
  last: object | undefined,
  tail: string,
): Ended {
  const { limits } = program
  switch (exit.status) {
    case "ok":
      break
    case "error":
      // A function that fails says so in its result; if it has none, it was ended from outside.
      if (program.kind === "isolate" && exit.result !== undefined) break
      throw new ProgramFailure("tool.exit", exitWords(exit, tail))
    case "timeout":
      throw new ProgramFailure(
        "tool.timeout",
        `The program took longer than its limit of ${seconds(limits.wall_ms)}.`,
      )
    case "cpu_limit":
      throw new ProgramFailure("tool.cpu_limit")
    case "memory_limit":
      throw new ProgramFailure("tool.memory_limit")
    case "output_limit":
      throw new ProgramFailure("tool.output_limit")
    case "cancelled":
      throw new ProgramFailure("tool.cancelled")
    case "sandbox_error":
      throw new ProgramFailure("sandbox.unavailable", "The sandbox could not run the program.")
    default:
      throw exit.status satisfies never
  }
  const files = exit.artifacts.map(({ path, b64 }): LeftFile => ({
    path,
    bytes: Uint8Array.from(Buffer.from(b64, "base64")),
  }))
  if (exit.result_error !== null)
    throw new ProgramFailure("tool.bad_result", `The program's result cannot be read: ${exit.result_error}`)
  const written = files.find((one) => one.path === resultFile)
  return {
    result: written ? readResult(written) : resultOf(exit, last),
    files: files.filter((one) => one !== written),
  }
}

function readResult({ bytes }: LeftFile): unknown {
  const read = readJson(new TextDecoder().decode(bytes))
  if (read.ok) return read.value
  const why = "fault" in read ? `: ${read.fault.path}: ${read.fault.message}` : "."
  throw new ProgramFailure(
    "tool.bad_result",
    `What the program wrote to the file of EDGECREW_RESULT is no JSON that can be passed on${why}`,
  )
}

function resultOf(exit: RunExit, last: object | undefined): unknown {
  if (exit.result !== undefined) return exit.result
  if (last !== undefined) return last
  if (exit.truncated.stdout) throw new ProgramFailure("tool.output_limit")
  throw new ProgramFailure(
    "tool.bad_result",
    "The program gave no result. Print one JSON object as the last line, or write it to the file that EDGECREW_RESULT names.",
  )
}

function exitWords({ exit_code, signal }: RunExit, tail: string): string {
  const how = signal !== null ? sayExit({ signal }) : sayExit({ code: exit_code ?? 1 })
  const said = tail.trim()
  return `${how}${said === "" ? "." : `: ${said}`}`
}
