import { chatApi } from "#core/contract/chat"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { call } from "./api.ts"

/** What a tenant has said about its data. */
export type PrivacyWorld = Record<"hold_id" | "erasure_id", string>

export async function newPrivacyWorld(token: string): Promise<PrivacyWorld> {
  const { flow } = await call(flowsApi.create, { token, body: { name: "Talks" } })
  const { session } = await call(chatApi.create, { token, body: { flow_id: flow.id } })
  const asked = { chat_id: session.id, reason: "The visitor asked for it" }
  const { erasure } = await call(privacyApi.ask, { token, body: asked })
  const body = { target: flow.id, reason: "A dispute" }
  const { hold } = await call(privacyApi.hold, { token, body })
  return { hold_id: hold.id, erasure_id: erasure.id }
}

const ulid = "01JD0000000000000000000000"

export const noPrivacy: PrivacyWorld = { hold_id: `hold_${ulid}`, erasure_id: `erasure_${ulid}` }

/** A whole and right request body for each of its routes that takes one. */
export const privacyBodies: Record<string, (world: { flow_id: string; chat_id: string }) => unknown> = {
  "PATCH /privacy/settings": () => ({ retention: { chats: 400 }, redaction: "masked" }),
  "POST /privacy/redaction/preview": () => ({ text: "ana@example.com", redaction: "masked" }),
  "POST /privacy/export": () => ({}),
  "POST /privacy/erase": ({ chat_id }) => ({ chat_id, reason: "The visitor asked for it" }),
  "POST /privacy/erase/:erasure_id": () => ({ confirm: "nothing of the kind" }),
  "POST /privacy/holds": ({ flow_id }) => ({ target: flow_id, reason: "A dispute" }),
}
