import type { Parcel } from "#durable/kit/outbox"
import type { ChatPorts, MessageRow, SessionRow, TenantRef } from "./ports.ts"
import type { ChatStore } from "./store.ts"

export type Leaving = { is: "session"; row: SessionRow } | { is: "message"; row: MessageRow }

/** The most characters of a message that a search looks through. */
const mostText = 20_000

/** What has not arrived in the tenant's database yet, as it is now. */
export function pendingIn(store: ChatStore, most: number): Parcel<Leaving>[] {
  return store.leaving(most).flatMap(({ key, seq }): Parcel<Leaving>[] => {
    const session = store.session()
    if (key === "session") {
      return [{ key, seq, row: { is: "session", row: { ...session, deleted_at: store.deletedAt() } } }]
    }
    const message = store.message(key)
    if (!message) return []
    const { id, content, created_at } = message
    const row = { id, chat_id: session.id, content: content.slice(0, mostText), created_at }
    return [{ key, seq, row: { is: "message", row } }]
  })
}

export const deliverTo = (world: ChatPorts, tenant: TenantRef, rows: readonly Leaving[]): Promise<void> =>
  world.record(tenant, {
    session: rows.flatMap((one) => (one.is === "session" ? [one.row] : []))[0],
    messages: rows.flatMap((one) => (one.is === "message" ? [one.row] : [])),
  })
