import { createHash } from "node:crypto"
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { RunRequest } from "../../../core/contract/sandbox.ts"
import type { Capacity, Outcome, Profile } from "../../../sandbox-runner/backend.ts"
import type * as z from "zod"

export interface Ran {
  outcome: Omit<Outcome, "result" | "archive"> & { result: string | null; archive: string | null }
  stdout: string
  stderr: string
  capacity: Capacity
  /** Of the process that runs the walls, in bytes. */
  memory: number
}

export type Request = z.input<typeof RunRequest>

const root = join(import.meta.dirname, "../../..")

/** The runner's sources and a Node where any user may read them: a checkout may lie in a closed folder. */
function copyOut(): string {
  const dir = mkdtempSync(join(tmpdir(), "edgecrew-walls-"))
  chmodSync(dir, 0o755)
  for (const path of ["sandbox-runner", "core/contract/sandbox.ts", "test/sandbox/kit", "node_modules/zod"])
    cpSync(join(root, path), join(dir, path), { recursive: true })
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }')
  copyFileSync(process.execPath, join(dir, "node"))
  chmodSync(join(dir, "node"), 0o755)
  return dir
}

export interface Setting {
  /** A name of `kit/mutants.ts`, whose hole is made into these walls; they are used whatever their self-test says. */
  broken?: string
  /** Whether a container around the profile `contained` has a limit of memory. */
  limited?: boolean
  /** Where programs are looked for. */
  path?: string
}

const isRoot = process.getuid?.() === 0

/** The walls of one profile in a process of their own, as root or as an ordinary user. */
export class Walls {
  readonly dir: string
  readonly uid: number | null
  readonly hello: Promise<{ ready: boolean; reason?: string; isolation: string }>
  readonly #child: ChildProcess
  readonly #waiting = new Map<string, PromiseWithResolvers<Ran>>()
  #log = ""
  #count = 0

  constructor(profile: Profile, uid: number | null, setting: Setting = {}) {
    this.dir = copyOut()
    this.uid = uid
    const { broken = "", limited = true, path = process.env["PATH"] } = setting
    const state = join(this.dir, "state")
    const own = uid !== null && isRoot
    if (own) chmodSync(this.dir, 0o777)
    else mkdirSync(state, { mode: 0o755 })
    const child = join(this.dir, "test/sandbox/kit/walls-child.ts")
    const command = [join(this.dir, "node"), child, profile, state, broken]
    const [program = "", ...args] =
      profile === "contained" && isRoot ? this.#inContainer(command, limited) : command
    this.#child = spawn(program, args, {
      ...(own ? { uid, gid: uid } : {}),
      cwd: this.dir,
      env: { PATH: path, HOME: "/nonexistent", SECRET_OF_THE_RUNNER: "a-secret-of-the-runner" },
      stdio: ["pipe", "pipe", "pipe"],
    })
    this.#child.stderr?.on("data", (bytes: Buffer) => (this.#log += bytes.toString()))
    this.hello = new Promise((resolve, reject) => {
      this.#child.once("exit", (code) => {
        const gone = new Error(`The walls ended with ${code}: ${this.#log}`)
        reject(gone)
        for (const run of this.#waiting.values()) run.reject(gone)
      })
      createInterface({ input: this.#child.stdout! }).on("line", (line) => {
        const said = JSON.parse(line) as { hello?: never; id: string } & Ran
        if (said.hello !== undefined) return resolve(said.hello)
        this.#waiting.get(said.id)?.resolve(said)
        this.#waiting.delete(said.id)
      })
    })
  }

  /** In a mount namespace in which a container's own limit of memory can be read, or is none. */
  #inContainer(command: readonly string[], limited: boolean): string[] {
    const limit = join(this.dir, "limit")
    writeFileSync(limit, limited ? "1073741824" : "max")
    const mounts = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .filter((file) => existsSync(file))
      .map((file) => `mount --bind ${limit} ${file} && `)
    return ["unshare", "-m", "sh", "-c", `${mounts.join("")}exec "$@"`, "sh", ...command]
  }

  /** Part of the path of every control group of these walls. */
  get group(): string {
    return `edgecrew-${createHash("sha256").update(join(this.dir, "state")).digest("hex").slice(0, 12)}`
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get log(): string {
    return this.#log
  }

  run(request: Request): Promise<Ran> {
    const id = `run_${++this.#count}`
    const ran = Promise.withResolvers<Ran>()
    this.#waiting.set(id, ran)
    this.#child.stdin?.write(`${JSON.stringify({ id, request })}\n`)
    return ran.promise
  }

  async close(): Promise<void> {
    this.#child.stdin?.end()
    if (this.#child.exitCode === null) await once(this.#child, "exit")
    rmSync(this.dir, { recursive: true, force: true })
  }
}
