import * as z from "zod"
import { UserId } from "#core/ids"

export const mostWords = 4_000

/** Chosen by whoever writes; unique within the flow. */
export const CommentId = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/, {
  error: "Use 8 to 40 letters, digits, _ or -",
})

export const Words = z.string().trim().min(1, { error: "Write something" }).max(mostWords)
export const Mentions = z.array(UserId).max(20)

export const Comment = z
  .object({
    id: z.string(),
    /** Who wrote it: `user_…` or `key_…`. */
    by: z.string(),
    at: z.string(),
    text: z.string(),
    mentions: z.array(z.string()),
    edited_at: z.string().nullable(),
  })
  .meta({ id: "CanvasComment" })
export type Comment = z.infer<typeof Comment>

/** A talk about a node, or about a place. It stays when its node goes, and is there again when the node comes back. */
export const Thread = z
  .object({
    id: z.string(),
    node_id: z.string().nullable(),
    position: z.object({ x: z.number(), y: z.number() }).nullable(),
    resolved_by: z.string().nullable(),
    resolved_at: z.string().nullable(),
    comments: z.array(Comment),
  })
  .meta({ id: "CanvasThread" })
export type Thread = z.infer<typeof Thread>
