import { useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query"
import { createContext, use, useEffect, useState, useSyncExternalStore } from "react"
import { ChatEvent, chatApi, type ChatMessage, type ChatSession } from "#core/contract/chat"
import type { ReplyOf } from "#core/contract/endpoint"
import { Failure, failures } from "#core/errors"
import type { ChatId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { stream } from "#web/api/stream.ts"
import { waits } from "#web/flow/waits.ts"
import { LiveChat, type ChatSource } from "./model/live-chat.ts"

/** A page fills two tall screens: the next one is asked for long before its reader gets there. */
const pageSize = 50

export function sourceOf(id: ChatId): ChatSource {
  const params = { chat_id: id }
  return {
    session: async (signal) => (await call(chatApi.get, { params, signal })).session,
    page: (range, signal) => call(chatApi.messages, { params, query: { ...range, limit: pageSize }, signal }),
    async *stream(after, signal) {
      for await (const { data } of stream(chatApi.stream, { params, query: { after }, after, signal })) {
        // What a newer server tells and this page does not know is passed over.
        const event = ChatEvent.safeParse(JSON.parse(data))
        if (event.success) yield event.data
      }
    },
    isFinal: (error) => error instanceof Failure && !failures[error.code].retry,
  }
}

type Lists = InfiniteData<ReplyOf<typeof chatApi.list>>

/** The stream knows sooner than the index how a chat stands; one that no list has is asked for. */
function showInLists(queries: QueryClient, session: ChatSession): void {
  let isListed = false
  queries.setQueriesData<Lists>({ queryKey: [...queryKeys.chats, "list"] }, (lists) => {
    if (!lists) return lists
    const pages = lists.pages.map((page) => ({
      ...page,
      sessions: page.sessions.map((one) => {
        if (one.id !== session.id) return one
        isListed = true
        return session
      }),
    }))
    return { ...lists, pages }
  })
  if (!isListed) void queries.invalidateQueries({ queryKey: queryKeys.chats })
}

/** What was read of a chat before, by a list or by who began it. */
function knownSession(queries: QueryClient, id: ChatId): ChatSession | null {
  const begun = queries.getQueryData<ChatSession>(queryKeys.chat(id))
  if (begun) return begun
  const lists = queries.getQueriesData<Lists>({ queryKey: [...queryKeys.chats, "list"] })
  const sessions = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.sessions) ?? [])
  return sessions.find((one) => one.id === id) ?? null
}

/** Follows a chat for as long as the component is there. */
export function useLiveChat(id: ChatId): LiveChat {
  const queries = useQueryClient()
  const [live] = useState(() => new LiveChat(id, sourceOf(id), waits, knownSession(queries, id)))
  useEffect(() => {
    live.open()
    return () => live.close()
  }, [live])
  const session = useLive(live, (one) => one.session)
  useEffect(() => {
    if (session) showInLists(queries, session)
  }, [queries, session])
  return live
}

/** A part of a live chat; renders again when that part is another. */
export const useLive = <T>(live: LiveChat, select: (live: LiveChat) => T): T =>
  useSyncExternalStore(live.subscribe, () => select(live))

const ChatContext = createContext<LiveChat | null>(null)
export const ChatProvider = ChatContext

/** The chat that the page shows. */
export function useThisChat(): LiveChat {
  const live = use(ChatContext)
  if (!live) throw new Error("No chat around")
  return live
}

export function useMessage(id: string): ChatMessage | undefined {
  return useLive(useThisChat(), (live) => live.message(id))
}
