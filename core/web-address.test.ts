import { expect, it } from "vitest"
import * as z from "zod"
import { webAddress, webTemplate } from "./web-address.ts"

const address = webAddress(100, "Enter an address")
const document = z.toJSONSchema(address, { io: "input" })
const pattern = new RegExp(String(document.pattern))

it.each([
  "https://example.com",
  "HTTP://Example.com/a b",
  "  https://example.com/hook\n",
  "https://bücher.example/ü",
  "http://[::1]:8080/?q=1#part",
])("takes %j, and its document says so", (text) => {
  expect(address.parse(text)).toBe(text.trim())
  expect(pattern.test(text)).toBe(true)
  expect(document.format).toBeUndefined()
})

it.each([
  "",
  "example.com",
  "ftp://example.com",
  "http:example.com",
  "https:///example.com",
  "http:\\\\example.com",
  "http://[::1",
])("refuses %j, and says why once", (text) => {
  expect(address.safeParse(text).error?.issues.map(({ message }) => message)).toEqual(["Enter an address"])
})

it("takes a template where one may stand", () => {
  expect(webTemplate(100, "no").parse("https://{{ input.host }}/a")).toBe("https://{{ input.host }}/a")
  expect(address.safeParse("https://{{ input.host }}/a").success).toBe(false)
})
