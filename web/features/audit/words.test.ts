import { expect, it } from "vitest"
import type { AuditRecord } from "#core/contract/audit"
import type { JsonObject } from "#core/json"
import { sayAction, sayFacts } from "./words.ts"

const entry = (action: string, detail: JsonObject | null): AuditRecord => ({
  id: "audit_01JD0000000000000000000000",
  seq: 1,
  at: "2026-11-22T12:00:00.000Z",
  actor: "user_1",
  actor_name: null,
  action,
  target: "cred_01JD0000000000000000000000",
  request_id: "req_1",
  detail,
  is_erased: detail === null,
  hash: null,
})

it("has words of its own for the use of a credential", () => {
  expect(sayAction("credential.use")).toBe("Credential used")
  const used = (after: JsonObject) => sayFacts(entry("credential.use", { after }))
  expect(used({ execution_id: "exec_1", node_id: "ask", flow_id: "flow_1", count: 1 })).toBe(
    "by the step ask",
  )
  expect(used({ node_id: "each", within: "each/ask", count: 10_000 })).toBe("by the step each, 10,000 times")
  expect(used({ for: "tool.import" })).toBe("to import tools")
  expect(used({ for: "tool.validate", tool_id: "tool_1" })).toBe("to check a tool")
  expect(sayFacts(entry("credential.use", null))).toBe("details erased")
})

it("says of other entries which fields changed", () => {
  expect(sayAction("flow.review_request")).toBe("Flow review request")
  expect(sayFacts(entry("flow.update", { before: { name: "a" }, after: { name: "b" } }))).toBe("name")
})
