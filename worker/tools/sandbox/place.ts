import type { RunFrame } from "#core/contract/sandbox"
import { noSandbox, ProgramFailure } from "#core/tool/program"
import { answerOfFunction } from "../isolate/answer.ts"
import type { Ended, Job, Print, ProgramPlace } from "../place.ts"
import { runInSandbox, type Runner } from "./client.ts"
import { endedOf } from "./outcome.ts"
import { Output } from "./output.ts"
import { runRequestOf } from "./request.ts"

/** Characters of stderr that the failure of a program tells. */
const mostTail = 500

/** Programs and functions in the sandbox runner. */
export class SandboxPlace implements ProgramPlace {
  private readonly runner: Runner

  constructor(runner: Runner) {
    this.runner = runner
  }

  async run(job: Job, signal: AbortSignal, print: Print): Promise<Ended> {
    const request = runRequestOf(job)
    const output = new Output(print)
    let tail = ""
    const heard = (frame: RunFrame) => {
      if (frame.type === "gap")
        print("stderr", "\n… the connection to the sandbox broke; some output is lost.\n")
      if (frame.type !== "stdout" && frame.type !== "stderr") return
      const text = textOf(frame)
      if (frame.type === "stderr") {
        tail = (tail + text).slice(-mostTail)
        print("stderr", text)
      } else if (job.program.kind === "isolate") print("stdout", text)
      else output.write(text)
    }
    const asking = { tenant: job.tenant, run_key: job.run_key, request }
    const exit = await runInSandbox(this.runner, asking, signal, heard)
    const last = job.program.kind === "isolate" ? undefined : output.end()
    const ended = endedOf(exit, job.program, last, tail)
    return job.program.kind === "isolate" ? { result: answerOfFunction(ended.result), files: [] } : ended
  }
}

/** Bytes that are no UTF-8 are shown as well as they can be. */
const textOf = ({ d, b64 }: { d?: string | undefined; b64?: string | undefined }): string =>
  d ?? (b64 === undefined ? "" : new TextDecoder().decode(Buffer.from(b64, "base64")))

/** Where no runner is set up, nothing is run, and nothing is run elsewhere. */
export const nowhere: ProgramPlace = {
  run: () => Promise.reject(new ProgramFailure("sandbox.unavailable", noSandbox)),
}
