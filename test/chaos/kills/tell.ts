import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import { among } from "../kit/figures.ts"
import type { KillsReport } from "./kills.ts"

/** Everything that should not have been. */
export const faultsOf = ({ lost, doubled, stuck, astray }: KillsReport): string[] => [
  ...lost,
  ...doubled,
  ...stuck,
  ...astray,
]

/** Prints the table; answers with what should not have been. */
export function tellKills(report: KillsReport): string[] {
  const { recovery, darkRecovery, resume } = report
  const rows = [
    ["kills", String(report.kills)],
    ["executions", String(report.executions)],
    ["events told to viewers", String(report.told)],
    ["effects", String(report.effects)],
    ["requests for them", String(report.sends)],
    ["events lost", String(report.lost.length)],
    ["effects doubled or missing", String(report.doubled.length)],
    ["executions stuck or wrong", String(report.stuck.length)],
    ["index rows astray", String(report.astray.length)],
    ["recoveries, watched", String(recovery.length)],
    ["recovery, watched: p50, p99 ms", among(recovery, 0.5, 0.99)],
    ["recovery, nobody asks: p50, p99 ms", among(darkRecovery, 0.5, 0.99)],
    ["streams resumed: p50, p99 ms", among(resume, 0.5, 0.99)],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["SIGKILL at random", ""], rows)}`)
  return faultsOf(report)
}
