import type { CredentialId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"

/** A function of JavaScript that touches nothing outside of itself: `export default (input, context) => …`. */
export type IsolateProgram = {
  kind: "isolate"
  source: string
  input: Json
  /** Its second argument. */
  context: JsonObject
  limits: ProgramLimits
}

export type ProgramFile = { path: string; content: string; encoding: "utf8" | "base64" }

/** A program with files and processes, in a sandbox. */
export type ContainerProgram = {
  kind: "container"
  runtime: "python" | "node" | "bash"
  /** The program's text; without it `entrypoint` names one of the files. */
  source: string | undefined
  entrypoint: string | undefined
  files: readonly ProgramFile[]
  /** What it gets on its standard input. */
  input: Json
  /** May hold `{{credentials.name}}`, which is filled in by whoever runs it, outside of everybody's sight. */
  env: Readonly<Record<string, string>>
  credentials: Readonly<Record<string, CredentialId>>
  /** `host:port` that it may connect to; none: no network. */
  egress: readonly string[]
  limits: ProgramLimits
}

export type ProgramLimits = {
  /** How long it may take in all. */
  wall_ms: number
  cpu_ms?: number | undefined
  memory_mb?: number | undefined
  /** Of what it prints, both streams together. */
  output_bytes?: number | undefined
}

/** What a step has executed outside of the engine, with everything but its secrets. */
export type ProgramRequest = IsolateProgram | ContainerProgram

export type ProgramStream = "stdout" | "stderr"

/** A file that a program left behind, and where it is kept. */
export type ProgramArtifact = { path: string; size: number; url: string }

export type ProgramAnswer = { result: Json; artifacts: readonly ProgramArtifact[] }

/** Every way in which a program fails. `retry` says whether the same call may succeed later. */
export const programFailures = {
  "sandbox.unavailable": { retry: true, say: "No sandbox is there to run programs in." },
  "sandbox.lost": {
    retry: true,
    say: "The sandbox has stopped while the program was running, so it is not known how far it came.",
  },
  "sandbox.refused": { retry: false, say: "The sandbox does not take this program." },
  "tool.timeout": { retry: true, say: "The program took longer than its time limit." },
  "tool.cpu_limit": { retry: false, say: "The program used more processor time than it may." },
  "tool.memory_limit": { retry: false, say: "The program used more memory than it may." },
  "tool.output_limit": { retry: false, say: "The program printed more than it may." },
  "tool.exit": { retry: false, say: "The program failed." },
  "tool.bad_result": { retry: false, say: "The program's result cannot be read." },
  "tool.bad_output": { retry: false, say: "The result does not fit the tool's output schema." },
  "tool.credential_missing": { retry: false, say: "A credential that the tool names does not exist." },
  "tool.credential_host": {
    retry: false,
    say: "A credential may not be sent to a host that the program may reach.",
  },
  "tool.cancelled": { retry: false, say: "The program was cancelled." },
} as const satisfies Record<string, { retry: boolean; say: string }>

export type ProgramFailureCode = keyof typeof programFailures

/** What an operator is told whose installation has no sandbox. */
export const noSandbox =
  "No sandbox is set up here, so programs are not run: install bubblewrap and python3 beside the server and start it again, or name a runner elsewhere (docs/sandbox.md)."

/** Why a program came to nothing, as the engine reads it. */
export class ProgramFailure extends Error {
  readonly code: ProgramFailureCode
  readonly retry: boolean
  readonly retry_after_ms: number | undefined

  constructor(
    code: ProgramFailureCode,
    message: string = programFailures[code].say,
    retry_after_ms?: number,
  ) {
    super(message)
    this.name = "ProgramFailure"
    this.code = code
    this.retry = programFailures[code].retry
    this.retry_after_ms = retry_after_ms
  }
}
