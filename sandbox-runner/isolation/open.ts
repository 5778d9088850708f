import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import type { BackendOptions, Opened, Profile } from "../backend.ts"
import { Bubblewrap } from "./bubblewrap.ts"
import type { Cgroups } from "./cgroup.ts"
import { cgroups1 } from "./cgroup1.ts"
import { cgroups2 } from "./cgroup2.ts"
import { closeStrangers } from "./descriptors.ts"
import type { Launcher } from "./sandbox.ts"
import { selfTest } from "./self-test.ts"
import { Slot } from "./slot.ts"
import { prepareStage } from "./stage.ts"

/** Walls are tried again this often, and after each slot that had to be locked away. */
const againMs = 10 * 60_000

/** Host uids begin here; every state folder has its own range, so that two runners share none. */
const firstUid = 31_000
const uidsEach = 64

function find(program: string): string | null {
  for (const folder of (process.env["PATH"] ?? "/usr/bin:/bin").split(delimiter)) {
    const path = join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Elsewhere, then.
    }
  }
  return null
}

/** A container's own limit is the wall where there are no groups: without it one run could take the machine. */
function containerIsLimited(): boolean {
  for (const file of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    if (!existsSync(file)) continue
    const limit = Number(readFileSync(file, "utf8"))
    if (Number.isFinite(limit) && limit > 0 && limit < 2 ** 60) return true
  }
  return false
}

/** What lies there is bound into sandboxes and trusted: nobody else may have made it or be able to change it. */
function strangeFolder(dir: string): string | null {
  const found = lstatSync(dir)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    return `${dir} must be a folder of the runner's own that nobody else can write.`
  return null
}

interface Choice {
  readonly profile: Profile
  readonly cgroups: Cgroups | null
}

function choose(options: BackendOptions, name: string): Choice | string {
  const root = process.getuid?.() === 0
  const asked = options.profile
  if (asked === "dev")
    return root
      ? "The profile dev is for an ordinary user; root has better ones."
      : { profile: "dev", cgroups: null }
  if (!root)
    return "Real isolation needs root, for a user of its own per slot (or SANDBOX_PROFILE=dev, for development)."
  const cgroups = asked === "contained" ? null : (cgroups1(name) ?? cgroups2(name))
  if (cgroups !== null) return { profile: "strong", cgroups }
  if (asked === "strong") return "No control groups can be made here, so nothing could limit memory."
  if (!containerIsLimited())
    return "Neither control groups nor a limited container: nothing could limit memory."
  return { profile: "contained", cgroups: null }
}

function isolationName({ profile, cgroups }: Choice): string {
  if (cgroups !== null) return `bwrap+cgroup${cgroups.version}+seccomp`
  return profile === "contained" ? "bwrap+uid+seccomp" : "bwrap+seccomp"
}

function makeSlots(options: BackendOptions, choice: Choice, name: string): Slot[] {
  const count = options.slots + options.pool.python + options.pool.node + 1
  if (count > uidsEach) throw new Error(`At most ${uidsEach} sandboxes at a time: ${count} were asked for.`)
  const range = Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 8), 16) % 400
  const uid = (index: number): number | null =>
    choice.profile === "dev" ? null : firstUid + range * uidsEach + index
  return Array.from(
    { length: count },
    (_, index) => new Slot(index, options.stateDir, uid(index), choice.cgroups),
  )
}

/**
 * The strongest walls of this machine, tried by the self-test. Where something basic is missing there is no backend, only the reason;
 * where the self-test finds a hole the backend exists and starts nothing. `broken` is for its tests.
 */
export async function openBackend(options: BackendOptions, broken: Partial<Launcher> = {}): Promise<Opened> {
  const refuse = (reason: string): Opened => ({ backend: null, reason })
  const bubblewrap = find("bwrap")
  if (bubblewrap === null) return refuse("bubblewrap is missing (Debian: apt-get install bubblewrap).")
  const mode = spawnSync("stat", ["-L", "-c", "%a", bubblewrap], { encoding: "utf8" }).stdout.trim()
  if (mode.length > 3)
    return refuse(`${bubblewrap} is set-uid, which its authors advise against: clear that bit.`)
  closeStrangers()
  mkdirSync(options.stateDir, { recursive: true, mode: 0o755 })
  const strange = strangeFolder(options.stateDir)
  if (strange !== null) return refuse(strange)
  const name = `edgecrew-${createHash("sha256").update(options.stateDir).digest("hex").slice(0, 12)}`
  const choice = choose(options, name)
  if (typeof choice === "string") return refuse(choice)
  let walls: ConstructorParameters<typeof Bubblewrap>[0]
  try {
    walls = {
      profile: choice.profile,
      isolation: isolationName(choice),
      stage: prepareStage(options.stateDir, options.rootfs, choice.profile !== "dev"),
      launcher: { bubblewrap, lateUid: choice.cgroups?.version === 2, ...broken },
      counted: choice.cgroups !== null,
      slots: makeSlots(options, choice, options.stateDir),
      runs: options.slots,
      pool: options.pool,
      log: options.log,
      close: () => choice.cgroups?.close(),
    }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const backend = new Bubblewrap(walls)
  await keepJudging(backend, walls, options.stateDir)
  return { backend, reason: null }
}

/** Judges now, and again in the background for as long as the backend lives. */
async function keepJudging(
  backend: Bubblewrap,
  walls: ConstructorParameters<typeof Bubblewrap>[0],
  stateDir: string,
): Promise<void> {
  let judging = Promise.resolve()
  let busy = false
  const judge = async (): Promise<void> => {
    const ownUids = walls.profile !== "dev"
    const { launcher, counted } = walls
    const found = await selfTest({ backend, launcher, stateDir, counted, ownUids })
    if (backend.isClosed) return
    backend.judge(
      found === null ? { ready: true, at: Date.now() } : { ready: false, reason: found, at: Date.now() },
    )
    if (found !== null) walls.log(`the self-test refuses these walls: ${found}`)
  }
  const again = (): void => {
    if (busy) return
    busy = true
    judging = judge().finally(() => (busy = false))
  }
  again()
  await judging
  const timer = setInterval(again, againMs)
  timer.unref()
  backend.onQuarantine(again)
  backend.onClose(() => clearInterval(timer))
}
