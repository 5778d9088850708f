import { render } from "@testing-library/react"
import { expect, it } from "vitest"
import { GrowingText, piecesOf } from "./growing-text.tsx"

const words = Array.from({ length: 3_000 }, (_, i) => `word${i}`).join(" ")

it("cuts a growing text where it was cut before, and loses nothing of it", () => {
  for (let length = 100; length < words.length; length += 1_357) {
    const pieces = piecesOf(words.slice(0, length))
    expect(pieces.join("")).toBe(words.slice(0, length))
    expect(piecesOf(words).slice(0, pieces.length - 1)).toEqual(pieces.slice(0, -1))
  }
})

it("cuts at lines where there are any, and within a word where there is nothing else", () => {
  const lines = `${"a".repeat(1_500)}\n${"b c ".repeat(400)}`
  expect(piecesOf(lines)[0]).toBe(`${"a".repeat(1_500)}\n`)
  expect(piecesOf("x".repeat(5_000)).map((piece) => piece.length)).toEqual([2_000, 2_000, 1_000])
})

it("leaves what stands already alone when words are added", () => {
  const { container, rerender } = render(<GrowingText text={words.slice(0, 5_000)} />)
  const first = container.firstElementChild!
  const text = first.firstChild
  rerender(<GrowingText text={words.slice(0, 9_000)} />)
  expect(container.firstElementChild).toBe(first)
  expect(first.firstChild).toBe(text)
  expect(container.textContent).toBe(words.slice(0, 9_000))
})
