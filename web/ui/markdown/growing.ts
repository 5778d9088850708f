import { linesOf, readBlocks, type Block, type PlacedBlock } from "./blocks.ts"

export type Growing = { text: string; placed: readonly PlacedBlock[]; blocks: readonly Block[] }

/** How many of the last blocks the next words may still change: "2" after a list becomes its second item with a dot behind it. */
const unsettled = 2

/**
 * Reads a text that grows at its end, as an answer does while it streams: what stood before its last blocks is kept, and is
 * the same object, so that a page draws it no second time.
 */
export function grow(before: Growing | null, text: string): Growing {
  const lines = linesOf(text)
  const kept = before && text.startsWith(before.text) ? before.placed.slice(0, -unsettled) : []
  const from = before?.placed[kept.length]?.line ?? 0
  const placed = [...kept, ...readBlocks(lines, kept.length > 0 ? from : 0)]
  return { text, placed, blocks: placed.map(({ block }) => block) }
}
