import { describe, expect, it } from "vitest"
import { fromHex, joined, toHex, utf8 } from "./bytes.ts"
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Nodes,
} from "./merkle.ts"
import { append, nodesIn, type TileStore } from "./tiles.ts"

/** The tree of the Certificate Transparency project's own tests, in transparency-dev/merkle's testonly/constants.go. */
const leaves = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => leafHash(fromHex(hex)!))
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

/** A tree by its definition: MTH of RFC 6962, section 2.1. */
function mth(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot()
  if (hashes.length === 1) return hashes[0]!
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)))
}

const over =
  (hashes: readonly Uint8Array[]): Nodes =>
  (level, index) =>
    mth(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level))

function memory(): TileStore & { count: () => number } {
  const tiles = new Map<string, Uint8Array>()
  return {
    read: (level, index) => tiles.get(`${level}/${index}`) ?? new Uint8Array(),
    write: (level, index, hashes) => void tiles.set(`${level}/${index}`, hashes),
    count: () => tiles.size,
  }
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte))

describe("the Merkle tree", () => {
  it("has the published roots", () => {
    expect(roots.map((_, size) => toHex(rootOf(over(leaves), size)))).toEqual(roots)
  })

  it("has the published proofs of inclusion", () => {
    const proof = (index: number, size: number) => inclusionProof(over(leaves), index, size).map(toHex)
    expect(proof(0, 1)).toEqual([])
    expect(proof(0, 8)).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ])
    expect(proof(5, 8)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ])
    expect(proof(2, 3)).toEqual(["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"])
    expect(proof(1, 5)).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ])
  })

  it("has the published proofs of consistency", () => {
    const proof = (first: number, second: number) => consistencyProof(over(leaves), first, second).map(toHex)
    expect(proof(1, 1)).toEqual([])
    expect(proof(1, 8)).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ])
    expect(proof(6, 8)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ])
    expect(proof(2, 5)).toEqual([
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ])
  })

  it("believes every right proof and no wrong one, at all sizes up to 40", () => {
    const many = Array.from({ length: 40 }, (_, i) => leafHash(utf8(`entry ${i}`)))
    const nodes = over(many)
    for (let size = 1; size <= many.length; size++) {
      const root = rootOf(nodes, size)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(nodes, index, size)
        expect(verifyInclusion(many[index]!, index, size, proof, root)).toBe(true)
        expect(verifyInclusion(flipped(many[index]!), index, size, proof, root)).toBe(false)
        expect(verifyInclusion(many[index]!, index, size, [...proof, root], root)).toBe(false)
        expect(verifyInclusion(many[index]!, (index + 1) % size, size, proof, root)).toBe(size === 1)
        for (const i of proof.keys())
          expect(verifyInclusion(many[index]!, index, size, proof.with(i, flipped(proof[i]!)), root)).toBe(
            false,
          )
      }
      for (let first = 0; first <= size; first++) {
        const [small, large] = [
          { size: first, root: rootOf(nodes, first) },
          { size, root },
        ]
        const proof = consistencyProof(nodes, first, size)
        expect(verifyConsistency(small, large, proof)).toBe(true)
        expect(verifyConsistency({ ...small, root: flipped(small.root) }, large, proof)).toBe(false)
        if (first > 0) expect(verifyConsistency(small, { ...large, root: flipped(root) }, proof)).toBe(false)
        expect(verifyConsistency(small, large, [...proof, root])).toBe(false)
      }
    }
  })

  it("is the same out of tiles, however the entries came", () => {
    const hashes = Array.from({ length: 70_000 }, (_, i) =>
      Uint8Array.from({ length: 32 }, (_, j) => (i >> j) & 255),
    )
    const tiles = memory()
    for (let size = 0, step = 1; size < hashes.length; step = (step * 7) % 999) {
      append(tiles, size, hashes.slice(size, size + step))
      size = Math.min(size + step, hashes.length)
    }
    const kept = hashes.map(leafHash)
    for (const size of [1, 255, 256, 257, 1_000, 65_536, 65_537, 70_000])
      expect([size, toHex(rootOf(nodesIn(tiles), size))]).toEqual([size, toHex(mth(kept.slice(0, size)))])
    const root = rootOf(nodesIn(tiles), 70_000)
    const proof = inclusionProof(nodesIn(tiles), 12_345, 70_000)
    expect(verifyInclusion(kept[12_345]!, 12_345, 70_000, proof, root)).toBe(true)
    expect(tiles.count()).toBe(274 + 2 + 1)
    expect(joined(...kept.slice(0, 2))).toEqual(tiles.read(0, 0).subarray(0, 64))
  }, 60_000)
})
