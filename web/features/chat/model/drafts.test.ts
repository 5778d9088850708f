import { expect, it } from "vitest"
import { session } from "#web/state/session.ts"
import { keepDraft, keptDraft } from "./drafts.ts"

it("keeps a draft through a lost session, and nothing after signing out", () => {
  session.begin("t", "tenant_a")
  keepDraft("chat_1", "half a thought")
  session.end("lost")
  expect(keptDraft("chat_1")).toBe("half a thought")
  session.begin("t", "tenant_a")
  session.end("left")
  expect(keptDraft("chat_1")).toBe("")
})
