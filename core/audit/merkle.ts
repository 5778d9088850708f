import { joined, sameBytes } from "./bytes.ts"
import { sha256 } from "./sha256.ts"

/**
 * The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1). A leaf's data is the 32 bytes of an entry's hash; a leaf's index
 * is the entry's `seq` less one.
 */

const [leafMark, nodeMark] = [Uint8Array.of(0), Uint8Array.of(1)]

/** SHA-256(0x00 ‖ data). */
export const leafHash = (data: Uint8Array): Uint8Array => sha256(joined(leafMark, data))
/** SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(joined(nodeMark, left, right))

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Uint8Array => sha256(new Uint8Array())

/** The hash above the 2^level leaves that begin with leaf index · 2^level. Asked only of whole subtrees. */
export type Nodes = (level: number, index: number) => Uint8Array

/** The largest power of two that is less than `n`. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** MTH(D[from:to]). `from` is a multiple of the range's size rounded up to a power of two, as in all that the RFC asks for. */
function rangeHash(nodes: Nodes, from: number, to: number): Uint8Array {
  const size = to - from
  const level = Math.log2(size)
  if (Number.isInteger(level)) return nodes(level, from / size)
  const k = splitOf(size)
  return nodeHash(rangeHash(nodes, from, from + k), rangeHash(nodes, from + k, to))
}

/** The root of the tree's first `size` leaves. */
export const rootOf = (nodes: Nodes, size: number): Uint8Array =>
  size === 0 ? emptyRoot() : rangeHash(nodes, 0, size)

/** PATH(index, D[0:size]), RFC 6962 section 2.1.1: the hashes from beside the leaf up to beneath the root. */
export function inclusionProof(nodes: Nodes, index: number, size: number): Uint8Array[] {
  if (index < 0 || index >= size) throw new RangeError(`a tree of ${size} leaves has none at ${index}`)
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return []
    const middle = from + splitOf(to - from)
    return index < middle
      ? [...path(from, middle), rangeHash(nodes, middle, to)]
      : [...path(middle, to), rangeHash(nodes, from, middle)]
  }
  return path(0, size)
}

/** PROOF(first, D[0:second]), RFC 6962 section 2.1.2: that the smaller tree is the beginning of the larger one. */
export function consistencyProof(nodes: Nodes, first: number, second: number): Uint8Array[] {
  if (first < 0 || first > second) throw new RangeError(`a tree of ${first} leaves is not within ${second}`)
  if (first === 0 || first === second) return []
  const subproof = (m: number, from: number, to: number, isWhole: boolean): Uint8Array[] => {
    if (m === to - from) return isWhole ? [] : [rangeHash(nodes, from, to)]
    const k = splitOf(to - from)
    return m <= k
      ? [...subproof(m, from, from + k, isWhole), rangeHash(nodes, from + k, to)]
      : [...subproof(m - k, from + k, to, false), rangeHash(nodes, from, from + k)]
  }
  return subproof(first, 0, second, true)
}

const isOdd = (n: number): boolean => n % 2 === 1
const halved = (n: number): number => Math.floor(n / 2)

/** Whether a leaf is in the tree of this size and root, RFC 9162 section 2.1.3.2. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const beside of proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(beside, hash)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [halved(fn), halved(sn)]
    } else hash = nodeHash(hash, beside)
    ;[fn, sn] = [halved(fn), halved(sn)]
  }
  return sn === 0 && sameBytes(hash, root)
}

/** Whether the first tree is the beginning of the second, RFC 9162 section 2.1.4.2. */
export function verifyConsistency(
  first: { size: number; root: Uint8Array },
  second: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (first.size > second.size || first.size < 0) return false
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && sameBytes(first.root, emptyRoot())
  const isPower = Number.isInteger(Math.log2(first.size))
  const [start, ...rest] = isPower ? [first.root, ...proof] : proof
  if (!start) return false
  let [fn, sn] = [first.size - 1, second.size - 1]
  while (isOdd(fn)) [fn, sn] = [halved(fn), halved(sn)]
  let [fr, sr] = [start, start]
  for (const beside of rest) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      ;[fr, sr] = [nodeHash(beside, fr), nodeHash(beside, sr)]
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [halved(fn), halved(sn)]
    } else sr = nodeHash(sr, beside)
    ;[fn, sn] = [halved(fn), halved(sn)]
  }
  return sn === 0 && sameBytes(fr, first.root) && sameBytes(sr, second.root)
}
