import {
  infiniteQueryOptions,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { chatApi, type ChatMessage, type ChatSession, type ChatSettings } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import type { BodyIn } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { ApprovalId, ChatId, CrewId, ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type * as z from "zod"
import { call } from "#web/api/call.ts"
import { partnerBody, type Partner } from "#web/api/partners.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import type { LiveChat } from "./model/live-chat.ts"

const pageSize = 50
/** Others write too, and titles come with the first answer. */
const everyMs = 10_000

export const chatListQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.chatList({ search }),
    queryFn: ({ pageParam, signal }) =>
      call(chatApi.list, {
        query: { page: pageParam, limit: pageSize, sort: "-updated_at", ...(search ? { search } : {}) },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => everyMs * Math.max(1, state.data?.pages.length ?? 1),
  })

/** Whom of a crew one can address. */
export const membersQuery = (crewId: CrewId | null) =>
  queryOptions({
    queryKey: [...queryKeys.crew(crewId ?? ""), "members"],
    queryFn:
      crewId === null
        ? skipToken
        : async ({ signal }) =>
            (await call(crewsApi.get, { params: { crew_id: crewId }, signal })).agents.filter(
              (agent) => !agent.is_deleted,
            ),
    staleTime: 60_000,
  })

export type Place = { execution_id: ExecutionId; approval_id: ApprovalId }

export const questionQuery = ({ execution_id, approval_id }: Place) =>
  queryOptions({
    queryKey: queryKeys.approval(approval_id),
    queryFn: async ({ signal }) =>
      (await call(approvalsApi.get, { params: { execution_id, approval_id }, signal })).approval,
  })

/** Whether an answer was refused because the question is closed. */
export const isLate = (error: unknown): boolean => error instanceof Failure && error.status === 409

export function useAnswerQuestion(place: Place) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ button, form }: { button: string; form: JsonObject | undefined }) =>
      call(approvalsApi.answer, { params: place, body: { button, ...(form ? { form } : {}) } }),
    onSuccess: ({ approval }) => queries.setQueryData(queryKeys.approval(place.approval_id), approval),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.approvals }),
  })
}

export function useBegin() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (partner: Partner) => call(chatApi.create, { body: partnerBody(partner) }),
    onSuccess: ({ session }) => queries.setQueryData(queryKeys.chat(session.id), session),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.chats }),
  })
}

/** What is done to a chat as a whole, from the list or its own page. */
export function useSessionActs() {
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.chats })
  const paramsOf = ({ id }: Pick<ChatSession, "id">) => ({ chat_id: id })
  const rename = useMutation({
    mutationFn: ({ session, title }: { session: ChatSession; title: string }) =>
      call(chatApi.update, { params: paramsOf(session), body: { title } }),
    onSettled,
  })
  const set = useMutation({
    mutationFn: ({ session, settings }: { session: ChatSession; settings: z.infer<typeof ChatSettings> }) =>
      call(chatApi.update, { params: paramsOf(session), body: { settings } }),
    onSettled,
  })
  const share = useMutation({
    mutationFn: (session: ChatSession) => call(chatApi.share, { params: paramsOf(session) }),
    onSettled,
  })
  const unshare = useMutation({
    mutationFn: (session: ChatSession) => call(chatApi.unshare, { params: paramsOf(session) }),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: (session: ChatSession) => call(chatApi.remove, { params: paramsOf(session) }),
    onSettled,
  })
  return { rename, set, share, unshare, remove }
}

/** What is done within a chat. What a request answers with is shown at once, ahead of the stream. */
export function messageActs(live: LiveChat, chatId: ChatId) {
  const of = (id: string) => ({ chat_id: chatId, message_id: id })
  return {
    send: (body: BodyIn<typeof chatApi.send>, key: string) =>
      call(chatApi.send, { params: { chat_id: chatId }, body, headers: { "idempotency-key": key } }),
    edit: (id: string, content: string) => call(chatApi.edit, { params: of(id), body: { content } }),
    retry: (id: string) => call(chatApi.retry, { params: of(id) }),
    async rate(message: ChatMessage, feedback: ChatMessage["feedback"]) {
      live.put({ message: { ...message, feedback } })
      try {
        live.put({
          message: (await call(chatApi.feedback, { params: of(message.id), body: { feedback } })).message,
        })
      } catch (error) {
        live.put({ message: { ...(live.message(message.id) ?? message), feedback: message.feedback } })
        throw error
      }
    },
    async stop() {
      live.put(await call(chatApi.stop, { params: { chat_id: chatId } }))
    },
  }
}
