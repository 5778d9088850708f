import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import type { RotationReport } from "./rotation.ts"

/** Everything that should not have been. */
export const faultsOf = ({ refused, failed, leaks }: RotationReport): string[] => [
  ...refused,
  ...failed,
  ...leaks,
]

/** Prints the table; answers with what should not have been. */
export function tellRotation(report: RotationReport): string[] {
  const rows = [
    ["calls of models with a sealed key", String(report.calls)],
    ["executions", String(report.executions)],
    ["  not succeeded", String(report.failed.length)],
    ["calls with a wrong key, or none", String(report.refused.length)],
    ["rotations of the tenant's key", String(report.tenantRotations)],
    ["rotations of the installation's key", String(report.installationRotations)],
    ["secrets looked for", String(report.canaries)],
    ["  in so many answers, the log, and every file", String(report.answers)],
    ["  found", String(report.leaks.length)],
    ["all in all, s", short(report.ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["Keys that are changed", ""], rows)}`)
  return faultsOf(report)
}
