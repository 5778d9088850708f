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

/** How long the verifier takes for so many entries and how much memory; and whether it finds every one of so many tampers. */
export async function benchAudit(rounds: number, entries = 1_000_000, tampers = 1_000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-audit-"))
  try {
    const file = join(folder, "log.ndjson")
    writeMany(file, entries)
    const megabytes = statSync(file).size / 1e6
    const runs: { seconds: number; peak: number }[] = []
    for (let n = 0; n < rounds; n++) runs.push(await verified(file))
    console.log(`\n${machineLine()}\n`)
    const rows = [
      ["entries", entries.toLocaleString("en")],
      ["file, MB", short(megabytes)],
      ["verified after, s (median)", short(median(runs.map(({ seconds }) => seconds)))],
      ["most memory, MB", short(Math.max(...runs.map(({ peak }) => peak)))],
      [`tampers of ${tamperNames.length} kinds found by number`, `${found(tampers)} of ${tampers}`],
    ]
    console.log(`${table(["audit:verify", ""], rows)}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
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
