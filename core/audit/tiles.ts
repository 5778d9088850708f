import { joined } from "./bytes.ts"
import { leafHash, nodeHash, type Nodes } from "./merkle.ts"

/**
 * A tree kept as tiles of up to 256 hashes: the leaves, and of every eighth level above them the hashes of whole subtrees. What
 * lies between is computed. An append touches one tile, now and then two.
 */
const width = 256
const height = 8
const hashBytes = 32

/** Where tiles are kept; an unknown one is empty. */
export type TileStore = {
  read(level: number, index: number): Uint8Array
  write(level: number, index: number, hashes: Uint8Array): void
}

/** Appends entries' hashes to a tree that has `size` leaves. */
export function append(tiles: TileStore, size: number, hashes: readonly Uint8Array[]): void {
  appendRow(
    tiles,
    0,
    size,
    hashes.map((hash) => leafHash(hash)),
  )
}

function appendRow(tiles: TileStore, level: number, size: number, hashes: readonly Uint8Array[]): void {
  const full: Uint8Array[] = []
  for (let at = 0; at < hashes.length;) {
    const place = (size + at) % width
    const index = Math.floor((size + at) / width)
    const more = hashes.slice(at, at + width - place)
    const kept = place === 0 ? new Uint8Array() : tiles.read(level, index).subarray(0, place * hashBytes)
    if (kept.length !== place * hashBytes) throw new Error(`tile ${level}/${index} lacks hashes`)
    const tile = joined(kept, ...more)
    tiles.write(level, index, tile)
    if (tile.length === width * hashBytes) full.push(above(tile, 0, width))
    at += more.length
  }
  if (full.length > 0) appendRow(tiles, level + 1, Math.floor(size / width), full)
}

/** The hash above `count` hashes of a tile, a power of two. */
function above(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) {
    const hash = tile.slice(from * hashBytes, (from + 1) * hashBytes)
    if (hash.length !== hashBytes) throw new Error("a tile lacks hashes")
    return hash
  }
  return nodeHash(above(tile, from, count / 2), above(tile, from + count / 2, count / 2))
}

/** The whole subtrees of a tree that is kept in tiles. */
export const nodesIn =
  (tiles: TileStore): Nodes =>
  (level, index) => {
    const count = 2 ** (level % height)
    const first = index * count
    return above(tiles.read(Math.floor(level / height), Math.floor(first / width)), first % width, count)
  }
