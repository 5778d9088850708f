import * as z from "zod"
import { MessageId } from "#core/ids"
import { ChatMessage, ChatSession } from "./chat.ts"
import { endpoint, Time } from "./endpoint.ts"

/** A message as a visitor of another site sees it: without what happened on the way to it. */
export const VisitorMessage = ChatMessage.pick({
  id: true,
  parent_id: true,
  role: true,
  content: true,
  status: true,
  created_at: true,
  finished_at: true,
}).meta({ id: "VisitorMessage" })
export type VisitorMessage = z.infer<typeof VisitorMessage>

/** One entry of a visitor's stream: what a chat's stream says, less what visitors do not see. */
export const VisitorEvent = z
  .discriminatedUnion("type", [
    z.object({ seq: z.int(), type: z.literal("message"), message: VisitorMessage }),
    z.object({ seq: z.int(), type: z.literal("delta"), message_id: MessageId, text: z.string() }),
    z.object({ seq: z.int(), type: z.literal("reset"), message_id: MessageId }),
  ])
  .meta({ id: "VisitorEvent" })
export type VisitorEvent = z.infer<typeof VisitorEvent>

const tag = "Widget"
const common = { needs: "chat.write", tag, widget: true } as const

export const widgetApi = {
  begin: endpoint({
    ...common,
    method: "POST",
    path: "/widget/sessions",
    summary: "Begin a visitor's chat with a key's partner; the token is shown this once",
    status: 201,
    body: z.strictObject({}),
    reply: z.object({ token: z.string(), partner: z.string(), title: z.string(), expires_at: Time }),
  }),
  messages: endpoint({
    ...common,
    method: "GET",
    path: "/widget/messages",
    summary: "The messages of a visitor's chat, the last ones first",
    query: z.strictObject({
      before: MessageId.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    reply: z.object({
      messages: z.array(VisitorMessage),
      has_more: z.boolean(),
      last_seq: z.int(),
      status: ChatSession.shape.status,
      partner: z.string(),
    }),
  }),
  send: endpoint({
    ...common,
    method: "POST",
    path: "/widget/messages",
    summary: "Write a message as a visitor",
    status: 202,
    body: z.strictObject({
      content: z.string().trim().min(1, { error: "Write something" }).max(10_000),
    }),
    reply: z.object({ message_id: MessageId }),
  }),
  stop: endpoint({
    ...common,
    method: "POST",
    path: "/widget/stop",
    summary: "Stop the answer that is under way",
    status: 204,
  }),
  stream: endpoint({
    ...common,
    method: "GET",
    path: "/widget/stream",
    summary: "What happens in a visitor's chat: server-sent events",
    query: z.strictObject({ after: z.coerce.number().int().min(0).optional() }),
    raw: true,
    also: {
      200: {
        description: "Server-sent events: one per VisitorEvent, `id:` its seq",
        type: "text/event-stream",
      },
    },
  }),
} as const
