import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import type { CellsReport } from "./cells.ts"

/** Prints the table; answers with what should not have been. */
export function tellCells({ cells, same, different, missed, kills, ms }: CellsReport): string[] {
  const rows = [
    ["cells: crash point × kind of step", String(cells)],
    ["the same as without a crash", String(same)],
    ["different", String(different.length)],
    ["points that nobody passed", String(missed.length)],
    ["kills", String(kills)],
    ["all in all, s", short(ms / 1000)],
  ]
  console.log(`\n${machineLine()}\n\n${table(["SIGKILL at every crash point", ""], rows)}`)
  return [...different, ...missed.map((cell) => `nobody passed ${cell}`)]
}
