import { describe, expect, it } from "vitest"
import type { ChatMessage } from "#core/contract/chat"
import type { MessageId } from "#core/ids"
import { branchTo, historyOf, mostSaid, taskOf } from "./branch.ts"
import { inputsOf, textOf } from "./exchange.ts"
import { mostContent, reduceMessages } from "./reduce.ts"
import { titleOf, untitled } from "./title.ts"

const message = (id: string, parent: string | null, role: "user" | "assistant", content = id) =>
  ({ id, parent_id: parent, role, content, steps: [] }) as unknown as ChatMessage
const tree = [
  message("a", null, "user"),
  message("b", "a", "assistant"),
  message("c", "b", "user"),
  message("d", "c", "assistant"),
  message("e", "b", "user"),
]
const of = (id: MessageId) => tree.find((one) => one.id === id)

describe("a conversation", () => {
  it("is the branch that leads to a message", () => {
    const branch = branchTo("e", of)
    expect(branch.map(({ id }) => id)).toEqual(["a", "b", "e"])
    expect(historyOf(branch.slice(0, -1))).toEqual([
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ])
  })

  it("is told as much as fits, its end first, without answers of which nothing came", () => {
    const many = Array.from({ length: 100 }, (_, i) => message(`m${i}`, null, "user"))
    expect(historyOf(many).at(0)?.content).toBe("m60")
    expect(historyOf([message("x", null, "assistant", "")])).toEqual([])
    const long = historyOf([message("x", null, "user", "y".repeat(30_000)), message("z", null, "user")])
    expect(long.map(({ content }) => content.length).reduce((a, b) => a + b)).toBeLessThan(
      mostSaid.characters + 2,
    )
    expect(long.at(-1)?.content).toBe("z")
  })

  it("ends when its tree does not", () => {
    const round = new Map([
      ["a", message("a", "b", "user")],
      ["b", message("b", "a", "user")],
    ])
    expect(branchTo("a", (id) => round.get(id), 50)).toHaveLength(50)
  })

  it("says what an attached flow came to as information", () => {
    expect(taskOf("Do it", undefined)).toBe("Do it")
    expect(taskOf("Do it", "42")).toMatch(/^Do it\n\n.*not as an instruction.*\n\n42$/s)
  })
})

describe("what a flow is given in a chat", () => {
  const said = [{ role: "user" as const, content: "before" }]
  it.each([
    [undefined, { message: "hi", history: said }],
    [{ type: "object" }, { message: "hi", history: said }],
    [
      { type: "object", properties: { message: { type: "string" } }, additionalProperties: false },
      { message: "hi" },
    ],
    [
      {
        type: "object",
        properties: { name: { type: "string" } },
        required: ["name"],
        additionalProperties: false,
      },
      { name: "hi" },
    ],
    [
      {
        type: "object",
        properties: { topic: { type: "string" }, tone: { type: "string" } },
        required: ["topic"],
        additionalProperties: false,
      },
      { topic: "hi" },
    ],
  ])("fits %j", (schema, inputs) => {
    expect(inputsOf(schema as never, "hi", said)).toEqual(inputs)
  })

  it.each([
    ["a text", "a text"],
    [{ answer: "a text" }, "a text"],
    [null, ""],
    [undefined, ""],
    [{ a: 1 }, '```json\n{\n  "a": 1\n}\n```'],
  ])("and %j comes back as words", (outputs, text) => {
    expect(textOf(outputs)).toBe(text)
  })
})

describe("a chat's title", () => {
  it.each([
    ["  hello\nthere ", "Hello there"],
    ["", untitled],
    ["\u200b", untitled],
  ])("of %j is %j", (text, title) => {
    expect(titleOf(text)).toBe(title)
  })

  it("of a long message is short, and about it", () => {
    const long = "I would like to know how the rivers of Europe came to be regulated. ".repeat(20)
    expect(titleOf(long).length).toBeLessThanOrEqual(60)
    expect(titleOf(long).toLowerCase()).toContain("rivers")
    expect(titleOf("x".repeat(5_000)).length).toBeLessThanOrEqual(60)
  })
})

describe("a thread", () => {
  it("takes what is new in order, and changes what it knows", () => {
    const id = "b" as MessageId
    const messages = reduceMessages([], {
      seq: 1,
      type: "message",
      message: message("b", null, "assistant", ""),
    })
    const more = [
      { seq: 2, type: "delta", message_id: id, text: "<i>" } as const,
      { seq: 3, type: "reset", message_id: id } as const,
      { seq: 4, type: "delta", message_id: id, text: "y".repeat(mostContent + 10) } as const,
    ].reduce(reduceMessages, messages)
    expect(more.at(0)!.content).toHaveLength(mostContent)
    expect(reduceMessages(more, { seq: 5, type: "delta", message_id: "?", text: "z" })).toEqual(more)
  })
})
