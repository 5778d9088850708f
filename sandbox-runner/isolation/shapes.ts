import type { RunRequest } from "../../core/contract/sandbox.ts"
import { RunLimits } from "../../core/contract/sandbox.ts"
import type { RunSpec } from "../backend.ts"
import type { ProcessLimits, Shape } from "./command.ts"
import type { Stage } from "./stage.ts"

export const megabyte = 1_048_576

/** What bubblewrap, its init and the supervisor need beside the program. */
const ownTasks = 3
const ownMemory = 8 * megabyte
/** The forwarder is a python of one thread. */
const forwarderTasks = 1
const forwarderMemory = 24 * megabyte

export type WarmLanguage = "python" | "node"

/** Sandboxes that wait are made with these; what asks for other walls starts cold. */
export const warmLimits = RunLimits.parse({})

export interface GroupLimits {
  readonly memory: number
  readonly pids: number
}

export const groupLimits = (limits: RunLimits, egress: boolean): GroupLimits => ({
  memory: limits.memory_mb * megabyte + ownMemory + (egress ? forwarderMemory : 0),
  pids: limits.pids + ownTasks + (egress ? forwarderTasks : 0),
})

/** A node that does nothing has this much private memory mapped, and touches a tenth of it. */
const nodeData = 640 * megabyte
const pythonData = 64 * megabyte

export const processLimits = (
  limits: RunLimits,
  language: RunRequest["language"],
  counted: boolean,
): ProcessLimits => ({
  files: 256,
  fileBytes: limits.disk_mb * megabyte,
  cpuSeconds: Math.ceil(limits.cpu_ms / 1_000) + 1,
  // One process cannot outrun the poll by more than this; the poll sees what all of them hold.
  dataBytes: counted ? null : limits.memory_mb * megabyte + (language === "python" ? pythonData : nodeData),
})

/** The interpreter that waits for a message. */
export function bootProgram(stage: Stage, language: WarmLanguage): string[] {
  if (language === "python") return ["/usr/bin/python3", "-I", "-X", "utf8", "/run/sbx/boot.py"]
  return [stage.node === null ? "/usr/bin/node" : "/opt/node/bin/node", "/run/sbx/boot.cjs"]
}

/** Descriptor 6 takes resizes when there is a terminal; what boots by message has its own, so the terminal is between. */
const terminal = (request: RunRequest): string[] =>
  request.tty === undefined
    ? []
    : ["/usr/bin/python3", "-I", "/run/sbx/terminal.py", String(request.tty.cols), String(request.tty.rows)]

/** True when the run asks for an interpreter and a program, and nothing else. */
export const boots = (request: RunRequest): request is RunRequest & { language: WarmLanguage } =>
  request.argv === undefined && request.language !== "shell"

/** True when a waiting sandbox is all that this run needs. */
export function fitsWarm(spec: RunSpec, counted: boolean): boolean {
  const { limits, network, profile, tty, io } = spec.request
  return (
    boots(spec.request) &&
    network.mode === "none" &&
    profile === "tool" &&
    tty === undefined &&
    io === "closed" &&
    limits.disk_mb === warmLimits.disk_mb &&
    (counted ? limits.pids <= warmLimits.pids : limits.pids === warmLimits.pids) &&
    (counted || limits.memory_mb <= warmLimits.memory_mb)
  )
}

export function warmShape(stage: Stage, language: WarmLanguage): Shape {
  return {
    stage,
    diskBytes: warmLimits.disk_mb * megabyte,
    program: bootProgram(stage, language),
    pids: warmLimits.pids,
    env: {},
    input: "message",
    code: false,
    live: false,
    control: false,
    egress: null,
  }
}

/** What an interpreter reads as it starts, and never again: where the proxy is. The roots are a file that comes with the message. */
function earlyEnv(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: _, ...early } = env
  return early
}

export function coldShape(stage: Stage, spec: RunSpec): Shape {
  const { request, egress } = spec
  const script = request.argv ?? ["/bin/bash", "/run/code"]
  return {
    stage,
    diskBytes: request.limits.disk_mb * megabyte,
    program: [...terminal(request), ...(boots(request) ? bootProgram(stage, request.language) : script)],
    pids: request.limits.pids + (egress === undefined ? 0 : forwarderTasks),
    env: boots(request) ? earlyEnv(egress?.env) : { ...egress?.env, ...request.env },
    input: boots(request) ? "message" : request.files.length > 0 ? "tar" : "none",
    code: request.argv === undefined && request.language === "shell",
    live: request.io === "open",
    control: request.tty !== undefined,
    egress: egress ?? null,
  }
}

/** What a boot file is told, in a form that its language reads without loading anything: JSON, or byte strings with their lengths. */
export function bootMessage({ request, egress }: RunSpec): string | Buffer {
  const { language, code = "", files } = request
  const env = { ...egress?.env, ...request.env }
  if (language !== "python") return JSON.stringify({ code, files, env })
  const words = [
    code,
    // No zero byte is in a word: the contract refuses it.
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join("\0"),
    ...files.flatMap(({ path, content, encoding }) => [path, Buffer.from(content, encoding)]),
  ]
  return Buffer.concat(words.flatMap(withLength))
}

function withLength(word: string | Buffer): Buffer[] {
  const bytes = Buffer.from(word)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return [length, bytes]
}
