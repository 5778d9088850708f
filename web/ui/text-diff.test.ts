import { expect, it } from "vitest"
import { diffLists, folded, joined, linesOf, wordsOf } from "./text-diff.ts"

const said = (left: string, right: string) =>
  joined(diffLists(wordsOf(left), wordsOf(right)))
    .map(({ is, text }) => (is === "same" ? text : is === "added" ? `{+${text}+}` : `[-${text}-]`))
    .join("")

it("shows which words came and went", () => {
  expect(said("The model is busy", "The model was very busy")).toBe("The model [-is-]{+was very+} busy")
  expect(said("same", "same")).toBe("same")
  expect(said("", "new")).toBe("{+new+}")
  expect(said("Größe: 4 €", "Größe: 5 €")).toBe("Größe: [-4-]{+5+} €")
})

it("gives both texts back, whatever they are", () => {
  const texts = ["", "a", "a b c", "c b a", "x\ny\nz", "a\n\nb", "1 2 3 4 5", "5 4 3 2 1 a b c"]
  for (const left of texts) {
    for (const right of texts) {
      const pieces = diffLists(wordsOf(left), wordsOf(right))
      const without = (gone: string) =>
        pieces
          .filter(({ is }) => is !== gone)
          .map(({ text }) => text)
          .join("")
      expect([without("added"), without("removed")]).toEqual([left, right])
    }
  }
})

it("replaces as a whole what is too long to compare, and does not take long", () => {
  const many = (word: string) => Array.from({ length: 3_000 }, (_, i) => `${word} ${i}`)
  const began = performance.now()
  const pieces = diffLists(["same", ...many("a")], ["same", ...many("b")])
  expect(performance.now() - began).toBeLessThan(500)
  expect(pieces[0]).toEqual({ is: "same", text: "same" })
  expect(pieces).toHaveLength(6_001)
})

it("folds away what both have, but for what is around a difference", () => {
  const lines = linesOf(Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n"))
  const shown = folded(diffLists(lines, lines.with(15, "other")), 2)
  expect(shown[0]).toEqual({ is: "skipped", count: 13 })
  expect(shown.at(-1)).toEqual({ is: "skipped", count: 12 })
  expect(shown).toHaveLength(2 + 2 + 2 + 2)
})
