/** Entries by their places, as an erasure names them: rising numbers, and pairs of the first and the last of several in a row. */
export function runsOf(places: readonly number[]): (number | [first: number, last: number])[] {
  const runs: [number, number][] = []
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last?.[1] === place - 1) last[1] = place
    else runs.push([place, place])
  }
  return runs.map(([first, last]) => (first === last ? first : [first, last]))
}
