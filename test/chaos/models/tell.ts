import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import type { ModelsReport } from "./models.ts"

/** Everything that should not have been. */
export const faultsOf = ({ stuck, wrong, tools }: ModelsReport): string[] => [...stuck, ...wrong, ...tools]

/** Prints the table; answers with what should not have been. */
export function tellModels(report: ModelsReport): string[] {
  const { manners, ends, owed } = report
  const proper = (manners.get("proper") ?? 0) + (manners.get("endless") ?? 0)
  const rows = [
    ["calls", String(report.calls)],
    ["executions", String(report.executions)],
    ...[...ends].map(([status, n]) => [`  ${status}`, String(n)]),
    ["misbehaved, %", short(((report.calls - proper) / report.calls) * 100)],
    ...[...manners].toSorted(([, a], [, b]) => b - a).map(([manner, n]) => [`  ${manner}`, String(n)]),
    ...[...report.unheard].map(([code, n]) => [`never reached the vendor: ${code}`, String(n)]),
    ["owed to the vendor, tokens", `${owed.input_tokens} + ${owed.output_tokens}`],
    ["owed to the vendor, micro-USD", String(owed.cost_micros)],
    ["tools called", String(report.toolCalls)],
    ["called for broken streams, twice, or not at all", String(report.tools.length)],
    ["differences of the ledger", String(report.wrong.length)],
    ["not ended", String(report.stuck.length)],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["A vendor that misbehaves", ""], rows)}`)
  return faultsOf(report)
}
