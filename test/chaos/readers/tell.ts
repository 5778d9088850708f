import { machineLine } from "../../bench/machine.ts"
import { short, table } from "../../bench/table.ts"
import { among } from "../kit/figures.ts"
import type { ReadersReport } from "./readers.ts"

const mostMb = 64
const mostLateMs = 100

const p99 = (values: readonly number[]): number => Number(among(values, 0.99))

/** Everything that should not have been. A machine that is busy tells everybody late: twice as late as without stalled readers is theirs. */
function faultsOf({ calmMb, stalledMb, cut, calmLate, stalledLate }: ReadersReport): string[] {
  const more = stalledMb - calmMb
  const late = p99(stalledLate)
  return [
    ...cut,
    ...(more > mostMb ? [`stalled readers cost ${short(more)} MB; ${mostMb} are allowed`] : []),
    ...(late > Math.max(mostLateMs, 2 * p99(calmLate))
      ? [`others are told ${short(late)} ms late (p99); ${mostLateMs} are allowed`]
      : []),
  ]
}

/** Prints the table; answers with what should not have been. */
export function tellReaders(report: ReadersReport): string[] {
  const { calmMb, stalledMb, calmLate, stalledLate, streamedMb, readers, ms } = report
  const rows = [
    ["streamed past each, MB", short(streamedMb), short(streamedMb)],
    ["workerd at most, MB", short(calmMb), short(stalledMb)],
    ["others' events late: p50, p99 ms", among(calmLate, 0.5, 0.99), among(stalledLate, 0.5, 0.99)],
  ]
  console.log(`\n${machineLine()}\n`)
  console.log(table([`Stalled readers, ${short(ms / 1000)} s`, "none", String(readers)], rows))
  return faultsOf(report)
}
