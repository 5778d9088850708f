import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import { among } from "../kit/figures.ts"
import type { RunnerReport } from "./runner.ts"

/** Everything that should not have been. */
export const faultsOf = ({ lost, doubled, stuck, astray, late, left }: RunnerReport): string[] => [
  ...lost,
  ...doubled,
  ...stuck,
  ...astray,
  ...late,
  ...left,
]

/** Of each kind. */
const mostTold = 5

/** Prints the table; answers with what should not have been. */
export function tellRunner(report: RunnerReport): string[] {
  const rows = [
    ["kills of the runner alone", String(report.kills.runner)],
    ["… with all its sandboxes", String(report.kills.family)],
    ["… with the whole server", String(report.kills.server)],
    ["runners frozen and thawed", String(report.freezes)],
    ["executions", String(report.executions)],
    ["… failed after 20 kills in one step", String(report.givenUp)],
    ["events told to viewers", String(report.told)],
    ["effects", String(report.effects)],
    ["requests for them", String(report.sends)],
    ["decisions by a person", String(report.decisions)],
    ["events lost", String(report.lost.length)],
    ["effects doubled or missing", String(report.doubled.length)],
    ["late or foreign results, lines lost or doubled", String(report.late.length)],
    ["executions stuck or wrong", String(report.stuck.length)],
    ["index rows astray", String(report.astray.length)],
    ["processes, groups, files left", String(report.left.length)],
    ["runner back: p50, p99 ms", among(report.recovery, 0.5, 0.99)],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["SIGKILL of the sandbox runner", ""], rows)}`)
  const { lost, doubled, stuck, astray, late, left } = report
  for (const [of, faults] of Object.entries({ lost, doubled, stuck, astray, late, left }))
    for (const fault of faults.slice(0, mostTold)) console.log(`  ${of}: ${fault}`)
  return faultsOf(report)
}
