import { expect, it } from "vitest"
import { complete, completingAt, suggestionsFor } from "./completion.ts"
import type { DataSource } from "./data-sources.ts"

const at = (marked: string, bare = false) => {
  const caret = marked.indexOf("|")
  return completingAt(marked.replace("|", ""), caret, bare)
}

it("completes inside of braces, also of those that are still open", () => {
  expect(at("Hello {{|")).toMatchObject({ word: "", inBraces: true })
  expect(at("Hello {{ nodes.dr|")).toMatchObject({ word: "nodes.dr" })
  expect(at("{{ a }} {{ inp| }} x")).toMatchObject({ word: "inp" })
  expect(at("{{ $uppercase(item.na|")).toMatchObject({ word: "item.na" })
})

it("leaves plain text, quotes and what follows a closed thing alone", () => {
  for (const text of ["Hello|", "{{ a }}|", '{{ "nodes.|', "{{ f(x)|", "{{ f(x).na|", "{{ $sum|", "{{ 'a' |"])
    expect(at(text), text).toBeNull()
})

it("completes a bare expression anywhere, but not the text around braces", () => {
  expect(at("$length(sta|) < 5", true)).toMatchObject({ word: "sta", inBraces: false })
  expect(at("|", true)).toMatchObject({ word: "" })
  expect(at("say {{ x }} no|", true)).toBeNull()
})

it("closes braces that are open, once", () => {
  const put = (marked: string, path: string) => complete(marked.replace("|", ""), at(marked)!, path)
  expect(put("Hi {{|", "item")).toEqual({ text: "Hi {{ item }}", caret: 10 })
  expect(put("Hi {{ in| }}!", "input.name").text).toBe("Hi {{ input.name }}!")
  expect(put("{{ in| and {{ b }}", "input").text).toBe("{{ input }} and {{ b }}")
})

it("offers what begins with the word before what only holds it", () => {
  const reference = (path: string) => ({ path, label: path, type: undefined, sample: undefined })
  const sources: DataSource[] = [
    {
      id: "input",
      title: "Inputs",
      kind: "input",
      references: [reference("input"), reference("input.item")],
    },
    { id: "item", title: "Each item", kind: "map", references: [reference("item")] },
    { id: "a", title: "Invoice item", kind: "llm", references: [reference("nodes.a")] },
  ]
  expect(suggestionsFor(sources, "item").map((one) => one.path)).toEqual(["item", "input.item", "nodes.a"])
  expect(suggestionsFor(sources.slice(1, 2), "item")).toEqual([])
  expect(suggestionsFor(sources, "nothing")).toEqual([])
})
