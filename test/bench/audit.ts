import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { at } from "../../scripts/lib/paths.ts"
import { Verifier } from "../../scripts/audit/verifier.ts"
import { newLog } from "../kit/audit-log.ts"
import { manyKey, writeMany } from "../kit/audit-many.ts"
import { tamper, tamperNames } from "../kit/audit-tampers.ts"
import { median } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

const lookMs = 50

type Effort = { rounds: number; entries: number; tampers: number }
type Measured = { seconds: number; megabytes: number; found: number; fileMegabytes: number }

/** How long the verifier takes for so many entries (median) and how much memory (most); and how many of so many tampers it finds. */
export async function measureAudit({ rounds, entries, tampers }: Effort): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-audit-"))
  try {
    const file = join(folder, "log.ndjson")
    writeMany(file, entries)
    const runs: { seconds: number; peak: number }[] = []
    for (let n = 0; n < rounds; n++) runs.push(await verified(file))
    return {
      seconds: median(runs.map(({ seconds }) => seconds)),
      megabytes: Math.max(...runs.map(({ peak }) => peak)),
      found: found(tampers),
      fileMegabytes: statSync(file).size / 1e6,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Prints it as a table. */
export async function benchAudit(rounds: number, entries = 1_000_000, tampers = 1_000): Promise<void> {
  const measured = await measureAudit({ rounds, entries, tampers })
  console.log(`\n${machineLine()}\n`)
  const rows = [
    ["entries", entries.toLocaleString("en")],
    ["file, MB", short(measured.fileMegabytes)],
    ["verified after, s (median)", short(measured.seconds)],
    ["most memory, MB", short(measured.megabytes)],
    [`tampers of ${tamperNames.length} kinds found by number`, `${measured.found} of ${tampers}`],
  ]
  console.log(`${table(["audit:verify", ""], rows)}\n`)
}

/** The most that a process has ever held, in MB; 0 when it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

async function verified(file: string): Promise<{ seconds: number; peak: number }> {
  const since = performance.now()
  const child = spawn(process.execPath, [at("scripts", "audit-verify.ts"), "--key", manyKey, file])
  let peak = 0
  const looking = setInterval(() => (peak = Math.max(peak, peakOf(child.pid ?? 0))), lookMs)
  const [code] = (await once(child, "exit")) as [number]
  clearInterval(looking)
  if (code !== 0) throw new Error(`the verifier ended with ${code}`)
  return { seconds: (performance.now() - since) / 1000, peak }
}

function found(tampers: number): number {
  const log = newLog(300, 64)
  let count = 0
  for (let n = 0; n < tampers; n++) {
    const { seq, lines } = tamper(log, n)
    const verifier = new Verifier()
    for (const line of lines) verifier.line(Buffer.from(line.endsWith("\n") ? line.slice(0, -1) : line))
    const { findings } = verifier.verdict()
    if (findings.some((one) => one.seq <= seq && seq <= (one.upTo ?? one.seq))) count++
  }
  return count
}
