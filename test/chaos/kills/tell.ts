import { quantile } from "../../bench/load.ts"
import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import type { KillsReport } from "./kills.ts"

const shown = 20

/** Everything that should not have been. */
export const faultsOf = ({ lost, doubled, stuck, astray }: KillsReport): string[] => [
  ...lost,
  ...doubled,
  ...stuck,
  ...astray,
]

const among = (values: readonly number[], share: number): string =>
  short(
    quantile(
      values.toSorted((a, b) => a - b),
      share,
    ),
  )

/** Prints the table; answers whether all is well. */
export function tellKills(report: KillsReport): boolean {
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
    ["recovery, watched: p50, p99 ms", `${among(recovery, 0.5)}, ${among(recovery, 0.99)}`],
    ["recovery, nobody asks: p50, p99 ms", `${among(darkRecovery, 0.5)}, ${among(darkRecovery, 0.99)}`],
    ["streams resumed: p50, p99 ms", `${among(resume, 0.5)}, ${among(resume, 0.99)}`],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n`)
  console.log(table(["SIGKILL at random", ""], rows))
  const faults = faultsOf(report)
  for (const fault of faults.slice(0, shown)) console.log(`  ${fault.slice(0, 400)}`)
  console.log("")
  return faults.length === 0
}
