import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import type { BrowsersReport } from "./browsers.ts"

/** Prints the table; answers with what should not have been. */
export function tellBrowsers(report: BrowsersReport): string[] {
  const { browsers, seed, acts, kills, restarts, partitions, acknowledged, lookedFor, refusals, faults, ms } =
    report
  console.log(`\n${machineLine()}\n`)
  console.log(
    table(
      [`Browsers, seed ${seed}, ${short(ms / 1000)} s`, ""],
      [
        ["browsers", String(browsers)],
        ["acts", String(acts)],
        ["acknowledged edits", String(acknowledged)],
        ["nodes among them that must be there", String(lookedFor)],
        ["refused in words", String(refusals.length)],
        ["kills of the server, of these with all its processes", `${kills}, ${restarts}`],
        ["lines cut", String(partitions)],
        ["faults", String(faults.length)],
      ],
    ),
  )
  for (const one of new Set(refusals)) console.log(`  refused: ${one}`)
  return faults
}
