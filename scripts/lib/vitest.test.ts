import { expect, it } from "vitest"
import { join } from "node:path"
import { root } from "./paths.ts"
import { tally } from "./vitest.ts"

const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
  fullName,
  status,
  failureMessages,
})

it("a report adds up: what passed, what failed and why, what was left out and its name", () => {
  const report = {
    testResults: [
      {
        name: join(root, "core/a.test.ts"),
        status: "failed",
        message: "",
        assertionResults: [
          test("adds", "passed"),
          test("divides", "failed", ["by zero"]),
          test("waits", "pending"),
          test("later", "todo"),
        ],
      },
      { name: join(root, "core/b.test.ts"), status: "failed", message: "cannot load", assertionResults: [] },
    ],
  }
  expect(tally(report)).toEqual({
    passed: 1,
    failed: ["core/a.test.ts > divides\nby zero", "core/b.test.ts\ncannot load"],
    skipped: ["core/a.test.ts > waits", "core/a.test.ts > later"],
  })
})
