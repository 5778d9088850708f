import * as fc from "fast-check"
import { expect, it } from "vitest"
import { parseBlocks } from "./blocks.ts"
import { grow, type Growing } from "./growing.ts"

const pieces = fc.constantFrom(
  ..."a b|word|\n|\n\n|- |* |1. |2|2. |# |```|```ts\n|~~~|> |  |    |---|===|**|_|`|[x](|https://a.example|)|<br>|- [x] |![p](".split(
    "|",
  ),
  "| a | b |",
  "|",
  "|---|---|",
  "-|-",
)

it("reads a text that grows as it would read it whole, wherever it was cut", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 24 }), (said) => {
      let text = ""
      let read: Growing | null = null
      for (const piece of said) {
        text += piece
        read = grow(read, text)
        expect(read.blocks).toEqual(parseBlocks(text))
      }
    }),
    { numRuns: 2_000 },
  )
})

it("begins anew when the text does", () => {
  const before = grow(null, "# one\n\ntwo\n\nthree\n\nfour")
  expect(grow(before, "other").blocks).toEqual(parseBlocks("other"))
})

it("keeps what stands before the last two blocks, so that it is drawn once", () => {
  const before = grow(null, "# one\n\ntwo\n\nthree\n\nfour")
  const after = grow(before, "# one\n\ntwo\n\nthree\n\nfour and more")
  expect(after.blocks.slice(0, 2).map((block, i) => block === before.blocks[i])).toEqual([true, true])
  expect(after.blocks).toHaveLength(4)
})
