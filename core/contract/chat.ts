import * as z from "zod"
import { AgentId, ChatId, CrewId, ExecutionId, FlowId, MessageId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

/** What happens to a message that comes while an answer is under way. */
export const BusyPolicy = z.enum(["queue", "interrupt", "refuse"])
export type BusyPolicy = z.infer<typeof BusyPolicy>

export const ChatSettings = z.strictObject({
  busy: BusyPolicy.default("queue"),
})

export const ChatSession = z
  .object({
    id: ChatId,
    title: z.string(),
    crew_id: CrewId.nullable(),
    agent_id: AgentId.nullable(),
    flow_id: FlowId.nullable(),
    /** The name of whom one talks with. */
    partner: z.string(),
    settings: ChatSettings,
    status: z.enum(["idle", "busy", "waiting"]),
    message_count: z.int(),
    cost_micros: z.int(),
    /** The address under which anybody may read it; absent: it is not shared. */
    share_url: z.string().nullable(),
    created_by: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "ChatSession" })
export type ChatSession = z.infer<typeof ChatSession>

export const MessageStatus = z.enum(["queued", "answering", "waiting", "done", "failed", "stopped"])
export type MessageStatus = z.infer<typeof MessageStatus>

/** What happened on the way to an answer, in the order in which it happened. */
export const ChatStep = z
  .object({
    id: z.string(),
    type: z.enum(["thought", "tool", "delegation", "model", "approval", "error"]),
    /** Who did it: a member's position, or the agent's name. */
    by: z.string(),
    title: z.string(),
    /** A thought's text, a tool's arguments, what was delegated. */
    detail: z.json().nullable(),
    result: z.json().nullable(),
    status: z.enum(["running", "succeeded", "failed", "waiting"]),
    /** The step that it happened inside. */
    parent: z.string().nullable(),
    approval_id: z.string().nullable(),
    started_at: Time,
    duration_ms: z.number().nullable(),
    cost_micros: z.int(),
    input_tokens: z.int(),
    output_tokens: z.int(),
  })
  .meta({ id: "ChatStep" })
export type ChatStep = z.infer<typeof ChatStep>

export const ChatMessage = z
  .object({
    id: MessageId,
    /** The message that it follows: a message with several followers has several branches. */
    parent_id: MessageId.nullable(),
    role: z.enum(["user", "assistant"]),
    content: z.string(),
    status: MessageStatus,
    /** Who speaks: a user's id, an agent's name, a position. */
    author: z.string(),
    to_agent_id: AgentId.nullable(),
    attached_flow_id: FlowId.nullable(),
    execution_id: ExecutionId.nullable(),
    steps: z.array(ChatStep),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    cost_micros: z.int(),
    feedback: z.enum(["up", "down"]).nullable(),
    created_at: Time,
    finished_at: Time.nullable(),
  })
  .meta({ id: "ChatMessage" })
export type ChatMessage = z.infer<typeof ChatMessage>

/** Where a search met a chat: its best place in it, in pieces, of which some are what was looked for. */
export const ChatHit = z
  .object({
    chat_id: ChatId,
    /** Null: its title. */
    message_id: MessageId.nullable(),
    excerpt: z.array(z.object({ text: z.string(), is_match: z.boolean() })),
  })
  .meta({ id: "ChatHit" })
export type ChatHit = z.infer<typeof ChatHit>

/** One entry of a chat's stream; `seq` is the resume point, for SSE as `id`. */
export const ChatEvent = z
  .discriminatedUnion("type", [
    z.object({ seq: z.int(), type: z.literal("message"), message: ChatMessage }),
    z.object({ seq: z.int(), type: z.literal("delta"), message_id: MessageId, text: z.string() }),
    /** The answer begins anew: what was streamed so far is void. */
    z.object({ seq: z.int(), type: z.literal("reset"), message_id: MessageId }),
    z.object({ seq: z.int(), type: z.literal("step"), message_id: MessageId, step: ChatStep }),
    z.object({ seq: z.int(), type: z.literal("session"), session: ChatSession }),
  ])
  .meta({ id: "ChatEvent" })
export type ChatEvent = z.infer<typeof ChatEvent>

const params = z.object({ chat_id: ChatId })
const message = params.extend({ message_id: MessageId })
const tag = "Chat"
const reply = z.object({ session: ChatSession })
const accepted = z.object({ message_id: MessageId })
const stream = {
  description: "Server-sent events: one per chat event, `id:` its seq",
  type: "text/event-stream",
}

export const chatApi = {
  list: endpoint({
    method: "GET",
    path: "/chat/sessions",
    needs: "chat.read",
    tag,
    summary: "List chats; `search` looks for words and beginnings of words in titles and messages",
    query: listQuery(["updated_at", "created_at"]).extend({
      agent_id: AgentId.optional(),
      crew_id: CrewId.optional(),
    }),
    /** With a search, `hits` has one for each chat of the page, in the same order. */
    reply: z.object({
      sessions: z.array(ChatSession),
      hits: z.array(ChatHit),
      total: z.int(),
      page_info: PageInfo,
    }),
  }),
  create: endpoint({
    method: "POST",
    path: "/chat/sessions",
    needs: "chat.write",
    tag,
    summary: "Begin a chat with a crew, an agent or a flow",
    status: 201,
    body: z.strictObject({
      crew_id: CrewId.optional(),
      agent_id: AgentId.optional(),
      flow_id: FlowId.optional(),
      title: z.string().trim().min(1).max(200).optional(),
      settings: ChatSettings.optional(),
    }),
    reply,
  }),
  get: endpoint({
    method: "GET",
    path: "/chat/sessions/:chat_id",
    needs: "chat.read",
    tag,
    summary: "One chat",
    params,
    reply,
  }),
  update: endpoint({
    method: "PATCH",
    path: "/chat/sessions/:chat_id",
    needs: "chat.write",
    tag,
    summary: "Rename a chat, or change how it takes messages while busy",
    params,
    body: z.strictObject({
      title: z.string().trim().min(1).max(200).optional(),
      settings: ChatSettings.optional(),
    }),
    reply,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/chat/sessions/:chat_id",
    needs: "chat.write",
    tag,
    summary: "Delete a chat",
    status: 204,
    params,
  }),
  messages: endpoint({
    method: "GET",
    path: "/chat/sessions/:chat_id/messages",
    needs: "chat.read",
    tag,
    summary: "A chat's messages, the last ones first: the newest, or those before, after or around one",
    params,
    query: z
      .strictObject({
        before: MessageId.optional(),
        after: MessageId.optional(),
        around: MessageId.optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      })
      .refine(({ before, after, around }) => [before, after, around].filter(Boolean).length <= 1, {
        error: "Name one of before, after and around",
      }),
    /** `has_more`: there are earlier ones; `last_seq` is where the stream goes on. */
    reply: z.object({
      messages: z.array(ChatMessage),
      has_more: z.boolean(),
      has_newer: z.boolean(),
      last_seq: z.int(),
    }),
  }),
  send: endpoint({
    method: "POST",
    path: "/chat/sessions/:chat_id/messages",
    needs: "chat.write",
    tag,
    summary: "Write a message; it is answered in the stream",
    status: 202,
    params,
    body: z.strictObject({
      content: z.string().trim().min(1, { error: "Write something" }).max(100_000),
      attached_flow_id: FlowId.optional(),
      to_agent_id: AgentId.optional(),
      /** The message that this one follows; absent: the last one. */
      parent_id: MessageId.optional(),
    }),
    reply: accepted,
  }),
  edit: endpoint({
    method: "POST",
    path: "/chat/sessions/:chat_id/messages/:message_id/edit",
    needs: "chat.write",
    tag,
    summary: "Write a message anew: a branch beside the old one",
    status: 202,
    params: message,
    body: z.strictObject({ content: z.string().trim().min(1).max(100_000) }),
    reply: accepted,
  }),
  retry: endpoint({
    method: "POST",
    path: "/chat/sessions/:chat_id/messages/:message_id/retry",
    needs: "chat.write",
    tag,
    summary: "Answer once more: a branch beside the old answer",
    status: 202,
    params: message,
    reply: accepted,
  }),
  feedback: endpoint({
    method: "PUT",
    path: "/chat/sessions/:chat_id/messages/:message_id/feedback",
    needs: "chat.write",
    tag,
    summary: "Say whether an answer was good",
    params: message,
    body: z.strictObject({ feedback: z.enum(["up", "down"]).nullable() }),
    reply: z.object({ message: ChatMessage }),
  }),
  stop: endpoint({
    method: "POST",
    path: "/chat/sessions/:chat_id/stop",
    needs: "chat.write",
    tag,
    summary: "Stop the answer that is under way",
    params,
    reply,
  }),
  stream: endpoint({
    method: "GET",
    path: "/chat/sessions/:chat_id/stream",
    needs: "chat.read",
    tag,
    summary: "What happens in a chat, from `Last-Event-ID` or `after` on; SSE, or a WebSocket upgrade",
    params,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      ticket: z.string().max(200).optional(),
    }),
    raw: true,
    also: { 200: stream },
  }),
  share: endpoint({
    method: "POST",
    path: "/chat/sessions/:chat_id/share",
    needs: "chat.write",
    tag,
    summary: "Let anybody with the address read a chat",
    params,
    reply,
  }),
  unshare: endpoint({
    method: "DELETE",
    path: "/chat/sessions/:chat_id/share",
    needs: "chat.write",
    tag,
    summary: "Take the address back",
    params,
    status: 204,
  }),
  shared: endpoint({
    method: "GET",
    path: "/shared-chats/:token",
    needs: "public",
    tag,
    summary: "A chat that is shared, to read: the end of its newest branch, or what stands before a message",
    params: z.object({ token: z.string().min(20).max(400) }),
    query: z.strictObject({
      before: MessageId.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    /** In the order in which they were said. */
    reply: z.object({
      title: z.string(),
      partner: z.string(),
      messages: z.array(ChatMessage),
      has_more: z.boolean(),
    }),
  }),
} as const
