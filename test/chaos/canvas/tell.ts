import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import { among } from "../kit/figures.ts"
import type { CanvasReport } from "./canvas.ts"

/** Prints the table; answers with what should not have been. */
export function tellCanvas(report: CanvasReport): string[] {
  const { people, kills, seed, acknowledged, lost, different, recovery, ms } = report
  const rows = [
    ["people", String(people)],
    ["kills", String(kills)],
    ["acknowledged edits looked for", String(acknowledged)],
    ["lost", String(lost.length)],
    ["windows that differ", String(different.length)],
    ["everybody back: p50, most ms", among(recovery, 0.5, 1)],
  ]
  console.log(`\n${machineLine()}\n`)
  console.log(table([`Canvas, seed ${seed}, ${short(ms / 1000)} s`, ""], rows))
  return [...lost.map((id) => `the acknowledged edit ${id} is lost`), ...different]
}
