import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import { among } from "../kit/figures.ts"
import type { CancelsReport } from "./cancels.ts"

/** Everything that should not have been. */
export const faultsOf = ({ after, open, stuck }: CancelsReport): string[] => [
  ...after.map((name) => `${name} was begun after the end`),
  ...open.map((text) => `still open when it was cancelled: ${text}`),
  ...stuck,
]

/** Prints the table; answers with what should not have been. */
export function tellCancels(report: CancelsReport): string[] {
  const rows = [
    ["cancels", String(report.cancels)],
    ["while a call was in flight", String(report.inFlight)],
    ["too late: it had ended", String(report.late)],
    ["effects begun after the end", String(report.after.length)],
    ["calls still open at the end", String(report.open.length)],
    ["not ended", String(report.stuck.length)],
    ["terminal after: p50, p99, most ms", among(report.terminal, 0.5, 0.99, 1)],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["Cancels at random", ""], rows)}`)
  return faultsOf(report)
}
