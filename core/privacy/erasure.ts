import * as z from "zod"
import { ChatId, ErasureId, UserId } from "#core/ids"

/** Whose data goes: a member's, or that of the outside visitor who spoke in a chat of the widget. */
export const ErasureSubject = z.union([UserId, ChatId])
export type ErasureSubject = z.infer<typeof ErasureSubject>

/**
 * `identity`: name, address, sessions, keys, and every place that names the person; what they wrote stays, by "Erased person".
 * `everything`: their words too: chats, comments, answers to questions, notes, and the executions that they began.
 */
export const ErasureScope = z.enum(["identity", "everything"])
export type ErasureScope = z.infer<typeof ErasureScope>

/** `asked` waits for the second confirmation; `erasing` was confirmed and is gone on with until it is `done`. */
export const ErasureStatus = z.enum(["asked", "erasing", "done"])
export type ErasureStatus = z.infer<typeof ErasureStatus>

/** How many of each there were. */
export const ErasedCounts = z.record(z.string(), z.int())
export type ErasedCounts = z.infer<typeof ErasedCounts>

/** In the place of a name that was erased; the id beside it is what tells two of them apart. */
export const erasedName = "Erased person"

/** In the place of what an erased person wrote. */
export const erasedWords = "[erased]"

const Time = z.string().meta({ format: "date-time" })

export const Erasure = z
  .object({
    id: ErasureId,
    subject: ErasureSubject,
    scope: ErasureScope,
    reason: z.string(),
    status: ErasureStatus,
    /** What was erased; null before. */
    counts: ErasedCounts.nullable(),
    requested_by: z.string(),
    requested_at: Time,
    /** When the wish lapses if nobody confirms it. */
    expires_at: Time,
    confirmed_by: z.string().nullable(),
    confirmed_at: Time.nullable(),
    finished_at: Time.nullable(),
  })
  .meta({ id: "Erasure" })
export type Erasure = z.infer<typeof Erasure>
