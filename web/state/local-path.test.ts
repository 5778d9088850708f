import { expect, it } from "vitest"
import { localPath } from "./local-path.ts"

it.each([
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/..//evil.example",
  "/./\\evil.example",
  "https://evil.example/flows",
  "javascript:alert(1)",
  "data:text/html,x",
  "flows",
  "",
])("[A20] %j does not lead away after signing in", (next) => expect(localPath(next)).toBe("/"))

it("leads back to where one was", () => {
  expect(localPath("/flows/flow_1?node=draft#top")).toBe("/flows/flow_1?node=draft#top")
  expect(localPath(undefined)).toBe("/")
})
