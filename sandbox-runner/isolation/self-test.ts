import { randomBytes } from "node:crypto"
import { readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type AddressInfo, type Server } from "node:net"
import { join } from "node:path"
import { RunRequest } from "../../core/contract/sandbox.ts"
import type { Outcome, Run } from "../backend.ts"
import type { Bubblewrap } from "./bubblewrap.ts"
import { basicEnv } from "./command.ts"
import type { ActiveRun } from "./run.ts"
import type { Launcher } from "./sandbox.ts"

export interface SelfTestOptions {
  readonly backend: Bubblewrap
  readonly launcher: Launcher
  readonly stateDir: string
  /** With cgroups a limit is exact; else it is looked at ten times a second. */
  readonly counted: boolean
  /** The slot's uid differs from ours. */
  readonly ownUids: boolean
}

const namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]
const memoryMb = 64
const pids = 24

/** What the kernel says of a sandbox's processes from outside, where they cannot lie. */
function lookFromOutside(run: ActiveRun, ownUids: boolean): string[] {
  const found: string[] = []
  const processes = run.processes()
  if (processes.length < 3) found.push("the sandbox's processes cannot be found from outside")
  for (const pid of processes) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    const uids = /^Uid:\s+(.*)$/m.exec(status)?.[1]?.split("\t").map(Number) ?? []
    if (uids.length !== 4 || uids.includes(0)) found.push("a process is the host's root")
    const expected = run.uid ?? process.getuid?.()
    if (uids.some((uid) => uid !== expected)) found.push("a process is not its slot's user")
    if (ownUids && uids.includes(process.getuid?.() ?? 0)) found.push("a process is the runner's user")
    for (const name of namespaces) {
      const mine = readlinkSync(`/proc/self/ns/${name}`)
      try {
        if (readlinkSync(`/proc/${pid}/ns/${name}`) === mine)
          found.push(`the ${name} namespace is the runner's`)
      } catch {
        // Not ours to read: then it is another user namespace than ours, and we are an ordinary user.
      }
    }
  }
  if (run.uncontained()) found.push("a process is not in its slot's control group")
  return found
}

/** What a program must not be able to reach: a file, an abstract socket and a port of ours. */
async function bait(
  stateDir: string,
): Promise<{ canary: string; abstract: string; port: number; remove: () => void }> {
  const canary = join(stateDir, "canary")
  writeFileSync(canary, randomBytes(16).toString("hex"), { mode: 0o644 })
  const abstract = `edgecrew-${randomBytes(8).toString("hex")}`
  const listen = (server: Server, at: { path: string } | { port: number; host: string }): Promise<Server> =>
    new Promise((resolve, reject) => {
      server.once("error", reject)
      server.listen(at, () => resolve(server))
    })
  const unix = await listen(createServer(), { path: `\0${abstract}` })
  const tcp = await listen(createServer(), { port: 0, host: "127.0.0.1" })
  return {
    canary,
    abstract,
    port: (tcp.address() as AddressInfo).port,
    remove: () => {
      unix.close()
      tcp.close()
      rmSync(canary, { force: true })
    },
  }
}

interface Told {
  readonly outcome: Outcome
  readonly stdout: string
  readonly found: string[]
}

async function probe(
  options: SelfTestOptions,
  argument: object,
  look: (run: ActiveRun) => string[],
): Promise<Told> {
  const request = RunRequest.parse({
    language: "python",
    argv: ["/usr/bin/python3", "-I", "/run/sbx/probe.py", JSON.stringify(argument)],
    io: "open",
    limits: { wall_ms: 15_000, cpu_ms: 8_000, memory_mb: memoryMb, pids },
  })
  const found: string[] = []
  let stdout = ""
  let self: ActiveRun | null = null
  const sink = {
    started: () => {},
    stdout: (bytes: Buffer) => {
      stdout += bytes.toString("latin1")
      if (!stdout.endsWith("look\n") || self === null) return
      try {
        found.push(...look(self))
      } catch (error) {
        found.push(`the look from outside failed: ${String(error)}`)
      }
      ;(self as Run).stdin(Buffer.from("go\n"))
    },
    stderr: () => {},
  }
  self = options.backend.launch({ id: "self-test", request }, sink, options.launcher)
  if (self === null) throw new Error("no slot was free for the self-test")
  const outcome = await self.done
  if (outcome.status === "sandbox_error") found.push(`${outcome.reason} ${self.fault.trim()}`.trim())
  return { outcome, stdout, found }
}

/**
 * Runs programs that try to get out and looks at them from outside. Null when every wall holds, else what does not, in words.
 * About a third of a second.
 */
export async function selfTest(options: SelfTestOptions): Promise<string | null> {
  const baits = await bait(options.stateDir)
  try {
    const told = await probe(
      options,
      {
        mode: "walls",
        canary: baits.canary,
        abstract: baits.abstract,
        port: baits.port,
        pids,
        env: Object.keys(basicEnv),
        rlimits: {
          RLIMIT_CORE: 0,
          RLIMIT_NOFILE: 256,
          RLIMIT_FSIZE: 32 * 1_048_576,
          RLIMIT_CPU: 9,
          RLIMIT_NPROC: pids + 4,
        },
      },
      (run) => lookFromOutside(run, options.ownUids),
    )
    const found = [...told.found]
    if (told.outcome.status !== "sandbox_error") found.push(...listOf(told.outcome))
    if (found.length > 0) return [...new Set(found)].join("; ")
    return await bomb(options)
  } catch (error) {
    return `The self-test failed: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    baits.remove()
  }
}

function listOf({ status, result }: Outcome): string[] {
  try {
    const list: unknown = JSON.parse(result?.toString("utf8") ?? "")
    if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list
  } catch {
    // Said below.
  }
  return [`the probe did not answer (${status})`]
}

async function bomb(options: SelfTestOptions): Promise<string | null> {
  const told = await probe(options, { mode: "bomb", megabytes: memoryMb * 2 }, () => [])
  if (told.found.length > 0) return told.found.join("; ")
  // Killed by whoever counts, or, where a process has a limit of its own that it came to sooner, refused by the kernel.
  const isHeld = told.outcome.status === "memory_limit" || told.stdout.includes("refused")
  return told.stdout.includes("survived") || !isHeld
    ? `a program could hold ${memoryMb * 2} MB where ${memoryMb} may be (${told.outcome.status})`
    : null
}
