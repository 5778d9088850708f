import { expect, it } from "vitest"
import type { FlowPerson } from "#core/contract/canvas"
import { UserId } from "#core/ids"
import { called, callingAt, mentionsIn, offered, piecesOf } from "./mentions.ts"

const person = (number: number, name: string, is_active = true): FlowPerson => ({
  id: UserId.parse(`user_01JD000000000000000000000${number}`),
  name,
  is_active,
})
const [ana, anna, ben, gone] = [
  person(1, "Ana"),
  person(2, "Anna Lima"),
  person(3, "ben@example.com"),
  person(4, "Gone", false),
]
const people = [ana, anna, ben, gone]

it("finds who is called, by the longest name that fits, and leaves addresses alone", () => {
  expect(piecesOf("Hi @Anna Lima, ask @ana!", people)).toEqual([
    { text: "Hi " },
    { text: "@Anna Lima", person: anna.id },
    { text: ", ask " },
    { text: "@ana", person: ana.id },
    { text: "!" },
  ])
  expect(mentionsIn("@Anna Lima and (@ben@example.com)", people)).toEqual([anna.id, ben.id])
  expect(mentionsIn("mail to x@Ana, @Anabel, @", people)).toEqual([])
  expect(mentionsIn("@Gone was here", people)).toEqual([])
})

it("offers people by the beginning of a word of their name", () => {
  const at = (text: string) => {
    const calling = callingAt(text, text.length)
    return calling && offered(people, calling).map(({ name }) => name)
  }
  expect(at("@")).toEqual(["Ana", "Anna Lima", "ben@example.com"])
  expect(at("Hi @li")).toEqual(["Anna Lima"])
  expect(at("Hi @anna li")).toEqual(["Anna Lima"])
  expect(at("Hi @zz")).toEqual([])
  expect(at("a@b")).toBeUndefined()
  expect(at("@a\nb")).toBeUndefined()
})

it("puts the name in, with one space after it", () => {
  const text = "Ask @an about it"
  const calling = callingAt(text, 7)!
  expect(called(text, 7, calling, "Ana")).toEqual({ text: "Ask @Ana about it", caret: 9 })
})
