import { expect, it } from "vitest"
import { argumentText, parsedArgument } from "./argument-text.ts"

it("reads numbers, lists and objects where no text is wanted, and leaves expressions and half of them as they are", () => {
  const read = (text: string) => parsedArgument(text, false)
  expect(["5", "[1, 2]", '{"a": 1}', "true", "5.", "{{ input.n }}", '["{{ x }}"]', "  "].map(read)).toEqual([
    5,
    [1, 2],
    { a: 1 },
    true,
    "5.",
    "{{ input.n }}",
    '["{{ x }}"]',
    undefined,
  ])
  expect(parsedArgument("5", true)).toBe("5")
})

it("writes what it reads", () => {
  for (const value of [5, true, null, "a text", { a: [1] }])
    expect(parsedArgument(argumentText(value), typeof value === "string")).toEqual(value)
  expect(argumentText(undefined)).toBe("")
})
