import type { ChatMessage, ChatSession } from "#core/contract/chat"
import { done, refused, type Outcome } from "#core/errors"
import type { MessageId } from "#core/ids"
import type { ChatStore } from "./store.ts"
import type { Thread } from "./thread.ts"

/** Which messages are wanted: those before, after or around one; without any, the newest. */
export type Range = {
  before?: MessageId | undefined
  after?: MessageId | undefined
  around?: MessageId | undefined
}

export type MessagePage = {
  messages: ChatMessage[]
  /** There are earlier ones. */
  has_more: boolean
  has_newer: boolean
  last_seq: number
  session: ChatSession
}

export type BranchPage = { messages: ChatMessage[]; has_more: boolean }

/** A page of messages, the last ones first. */
export function pageOf(store: ChatStore, thread: Thread, range: Range, most: number): Outcome<MessagePage> {
  const named = range.before ?? range.after ?? range.around
  if (named !== undefined && !store.has(named)) return refused("chat.message_not_found")
  const { ids, has_more, has_newer } = idsOf(store, range, most)
  const messages = ids.flatMap((id) => thread.message(id) ?? [])
  return done({ messages, has_more, has_newer, last_seq: store.lastSeq(), session: store.session() })
}

function idsOf(store: ChatStore, { before, after, around }: Range, most: number) {
  if (after !== undefined) {
    const ids = store.idsAfter(after, most + 1)
    return { ids: ids.slice(-most), has_more: true, has_newer: ids.length > most }
  }
  if (around === undefined) {
    const ids = store.idsBefore(before, most + 1)
    return { ids: ids.slice(0, most), has_more: ids.length > most, has_newer: before !== undefined }
  }
  const later = Math.floor(most / 2)
  const [newer, older] = [store.idsAfter(around, later + 1), store.idsBefore(around, most - later)]
  const earlier = most - later - 1
  const ids = [...newer.slice(Math.max(0, newer.length - later)), around, ...older.slice(0, earlier)]
  return { ids, has_more: older.length > earlier, has_newer: newer.length > later }
}

/** The end of the newest branch, as far as it has been answered, or what stands before one of its messages; in the order in which it was said. */
export function branchPage(
  store: ChatStore,
  thread: Thread,
  before: MessageId | undefined,
  most: number,
): Outcome<BranchPage> {
  const newest = store.newest()
  const up = newest === undefined ? [] : store.idsUp(newest)
  const from = before === undefined ? 0 : up.indexOf(before) + 1
  // What stands on another branch is nobody's to read but the tenant's.
  if (before !== undefined && from === 0) return refused("chat.message_not_found")
  const messages = up.slice(from, from + most).flatMap((id) => thread.message(id) ?? [])
  const said = messages.filter(({ finished_at }) => finished_at !== null)
  return done({ messages: said.toReversed(), has_more: up.length > from + most })
}
