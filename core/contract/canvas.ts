import * as z from "zod"
import { ClientId } from "#core/canvas/messages"
import { CommentId, Mentions, Thread, Words } from "#core/canvas/comment"
import { FlowGraph, NodeId } from "#core/flow/graph"
import { FlowId, NamedVersionId, UserId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"

export const NamedVersion = z
  .object({
    id: NamedVersionId,
    name: z.string(),
    created_by: z.string(),
    created_at: Time,
    node_count: z.int(),
  })
  .meta({ id: "NamedVersion" })
export type NamedVersion = z.infer<typeof NamedVersion>

/** Somebody whom a comment can be by, or for. */
export const FlowPerson = z
  .object({
    id: UserId,
    name: z.string(),
    /** False for those who have left: their words stay, and nobody can call them. */
    is_active: z.boolean(),
  })
  .meta({ id: "FlowPerson" })
export type FlowPerson = z.infer<typeof FlowPerson>

const Draft = FlowGraph.extend({ name: z.string(), description: z.string() })

const params = z.object({ flow_id: FlowId })
const namedParams = params.extend({ named_id: NamedVersionId })
const threadParams = params.extend({ thread_id: CommentId })
const commentParams = threadParams.extend({ comment_id: CommentId })
const saying = { text: Words, mentions: Mentions.default([]) }
const tag = "Canvas"

export const canvasApi = {
  open: endpoint({
    method: "GET",
    path: "/flows/:flow_id/canvas",
    needs: "flow.read",
    tag,
    summary: "Edit a flow together with others: a WebSocket",
    description:
      "Words are JSON messages, edits and presence binary frames (core/canvas/frame.ts). `client` names the window and stays with its edits, so that none is made twice; `since` is the last edit it has. A browser that cannot set headers passes `?ticket=`.",
    params,
    query: z.strictObject({
      client: ClientId,
      since: z.coerce.number().int().min(0).optional(),
      ticket: z.string().max(200).optional(),
    }),
    also: { 101: { description: "The socket is open" } },
    raw: true,
  }),
  namedVersions: endpoint({
    method: "GET",
    path: "/flows/:flow_id/named-versions",
    needs: "flow.read",
    tag,
    summary: "States of the draft that somebody gave a name to, newest first",
    params,
    reply: z.object({ named_versions: z.array(NamedVersion) }),
  }),
  nameVersion: endpoint({
    method: "POST",
    path: "/flows/:flow_id/named-versions",
    needs: "flow.edit",
    tag,
    summary: "Give the draft as it is now a name",
    status: 201,
    params,
    body: z.strictObject({ name: z.string().trim().min(1).max(200) }),
    reply: z.object({ named_version: NamedVersion }),
  }),
  namedVersion: endpoint({
    method: "GET",
    path: "/flows/:flow_id/named-versions/:named_id",
    needs: "flow.read",
    tag,
    summary: "A named version, whole",
    params: namedParams,
    reply: z.object({ named_version: NamedVersion, draft: Draft }),
  }),
  restoreVersion: endpoint({
    method: "POST",
    path: "/flows/:flow_id/named-versions/:named_id/restore",
    needs: "flow.edit",
    tag,
    summary: "Make the draft what it was then",
    description: "Everybody who has the flow open sees it at once. Comments stay.",
    params: namedParams,
    reply: z.object({ named_version: NamedVersion }),
  }),
  forgetVersion: endpoint({
    method: "DELETE",
    path: "/flows/:flow_id/named-versions/:named_id",
    needs: "flow.edit",
    tag,
    summary: "Forget a named version",
    status: 204,
    params: namedParams,
  }),
  threads: endpoint({
    method: "GET",
    path: "/flows/:flow_id/comments",
    needs: "flow.read",
    tag,
    summary: "What people say about a flow, thread by thread",
    params,
    query: z.strictObject({
      resolved: z.enum(["true", "false"]).optional(),
      node_id: NodeId.optional(),
    }),
    reply: z.object({ threads: z.array(Thread) }),
  }),
  comment: endpoint({
    method: "POST",
    path: "/flows/:flow_id/comments",
    needs: "flow.edit",
    tag,
    summary: "Begin a thread about a node, a place or the whole flow",
    status: 201,
    params,
    body: z.strictObject({
      node_id: NodeId.optional(),
      position: z.strictObject({ x: z.number(), y: z.number() }).optional(),
      ...saying,
    }),
    reply: z.object({ thread: Thread }),
  }),
  reply: endpoint({
    method: "POST",
    path: "/flows/:flow_id/comments/:thread_id",
    needs: "flow.edit",
    tag,
    summary: "Say something in a thread",
    status: 201,
    params: threadParams,
    body: z.strictObject(saying),
    reply: z.object({ thread: Thread }),
  }),
  resolve: endpoint({
    method: "PATCH",
    path: "/flows/:flow_id/comments/:thread_id",
    needs: "flow.edit",
    tag,
    summary: "Settle a thread, or open it again",
    params: threadParams,
    body: z.strictObject({ resolved: z.boolean() }),
    reply: z.object({ thread: Thread }),
  }),
  reword: endpoint({
    method: "PATCH",
    path: "/flows/:flow_id/comments/:thread_id/:comment_id",
    needs: "flow.edit",
    tag,
    summary: "Write one's own comment anew",
    params: commentParams,
    body: z.strictObject(saying),
    reply: z.object({ thread: Thread }),
  }),
  unsay: endpoint({
    method: "DELETE",
    path: "/flows/:flow_id/comments/:thread_id/:comment_id",
    needs: "flow.edit",
    tag,
    summary: "Take a comment away",
    description:
      "One's own; another person's needs `flow.moderate`. The thread goes with its last comment, and nothing brings it back.",
    status: 204,
    params: commentParams,
  }),
  people: endpoint({
    method: "GET",
    path: "/flows/:flow_id/people",
    needs: "flow.read",
    tag,
    summary: "Who may be mentioned in comments, and who has written some",
    params,
    reply: z.object({ people: z.array(FlowPerson) }),
  }),
} as const
