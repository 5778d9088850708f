/** A run of lines or words that both texts have, or only one of them. */
export type Piece = { is: "same" | "removed" | "added"; text: string }

/** More than this to compare is not worth anybody's second: what differs is then shown whole. */
const mostCells = 4_000_000

/**
 * What has to be taken out of one list and put in to get the other: the longest common subsequence between what they begin
 * and end with alike.
 */
export function diffLists(left: readonly string[], right: readonly string[]): Piece[] {
  let head = 0
  while (head < left.length && head < right.length && left[head] === right[head]) head++
  let tail = 0
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail++
  const a = left.slice(head, left.length - tail)
  const b = right.slice(head, right.length - tail)
  const same = (texts: readonly string[]) => texts.map((text): Piece => ({ is: "same", text }))
  return [
    ...same(left.slice(0, head)),
    ...(a.length * b.length > mostCells ? replaced(a, b) : between(a, b)),
    ...same(left.slice(left.length - tail)),
  ]
}

const replaced = (a: readonly string[], b: readonly string[]): Piece[] => [
  ...a.map((text): Piece => ({ is: "removed", text })),
  ...b.map((text): Piece => ({ is: "added", text })),
]

function between(a: readonly string[], b: readonly string[]): Piece[] {
  const width = b.length + 1
  // How much is common to what follows each pair of places.
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
    }
  }
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      pieces.push({ is: "same", text: a[i]! })
      i++
      j++
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
      pieces.push({ is: "removed", text: a[i++]! })
    else pieces.push({ is: "added", text: b[j++]! })
  }
  return [...pieces, ...replaced(a.slice(i), b.slice(j))]
}

/** Words and what is between them, so that joining them gives the text again. */
export const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

export const linesOf = (text: string): string[] => text.split("\n")

/** Neighbours of the same sort as one, for words. */
export function joined(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = []
  for (const piece of pieces) {
    const last = runs.at(-1)
    if (last?.is === piece.is) runs[runs.length - 1] = { is: last.is, text: last.text + piece.text }
    else runs.push(piece)
  }
  return runs
}

/** A line of a long text, or a number of lines that both have and nobody needs to see. */
export type ShownLine = Piece | { is: "skipped"; count: number }

/** Long stretches of common lines are folded away, but for a few around what differs. */
export function folded(pieces: readonly Piece[], around = 3): ShownLine[] {
  const near = new Set<number>()
  pieces.forEach((piece, i) => {
    if (piece.is === "same") return
    for (let at = i - around; at <= i + around; at++) near.add(at)
  })
  const shown: ShownLine[] = []
  pieces.forEach((piece, i) => {
    if (near.has(i)) return shown.push(piece)
    const last = shown.at(-1)
    if (last?.is === "skipped") last.count++
    else shown.push({ is: "skipped", count: 1 })
    return undefined
  })
  return shown
}
