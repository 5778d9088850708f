import * as z from "zod"
import { ChatId, ErasureId, HoldId, UserId } from "#core/ids"
import { ErasedCounts, Erasure, ErasureScope } from "#core/privacy/erasure"
import { HoldTarget, LegalHold } from "#core/privacy/hold"
import { PersonalKind, Redaction } from "#core/privacy/redact"
import { Retention, RetentionKind } from "#core/privacy/retention"
import { endpoint, Time } from "./endpoint.ts"

/** What the sweeps have deleted of a kind. */
const Swept = z.object({
  kind: RetentionKind,
  removed: z.int(),
  last_removed: z.int(),
  last_at: Time,
})

export const PrivacySettings = z
  .object({
    retention: Retention,
    redaction: Redaction,
    updated_at: Time.nullable(),
    /** Kinds of which nothing was ever deleted are not listed. */
    swept: z.array(Swept),
  })
  .meta({ id: "PrivacySettings" })
export type PrivacySettings = z.infer<typeof PrivacySettings>

const tag = "Privacy"
const settings = z.object({ settings: PrivacySettings })
const Reason = z.string().trim().min(3, { error: "Say why, in a few words" }).max(500)

export const privacyApi = {
  get: endpoint({
    method: "GET",
    path: "/privacy/settings",
    needs: "member",
    tag,
    summary: "How long things are kept, what traces may hold, and what was deleted by it",
    reply: settings,
  }),
  update: endpoint({
    method: "PATCH",
    path: "/privacy/settings",
    needs: "workspace.edit",
    tag,
    summary: "Change how long things are kept, and what traces may hold",
    description:
      "Days after the end of each thing; null keeps it. What is over its time goes within minutes, in portions; never what is still going on, and never what a legal hold is about.",
    body: z.strictObject({ retention: Retention.partial().optional(), redaction: Redaction.optional() }),
    reply: settings,
  }),
  preview: endpoint({
    method: "POST",
    path: "/privacy/redaction/preview",
    reads: true,
    needs: "member",
    tag,
    summary: "See what traces would keep of a text",
    body: z.strictObject({ text: z.string().max(20_000), redaction: Redaction }),
    /** `text` is null where nothing is kept; `found` counts what would be masked. */
    reply: z.object({
      text: z.string().nullable(),
      found: z.record(PersonalKind, z.int()),
    }),
  }),
  people: endpoint({
    method: "GET",
    path: "/privacy/people",
    needs: "user.edit",
    tag,
    summary: "Whose data there is: the members, those who have left among them",
    reply: z.object({
      people: z.array(z.object({ id: UserId, name: z.string(), email: z.string(), is_active: z.boolean() })),
    }),
  }),
  export: endpoint({
    method: "POST",
    path: "/privacy/export",
    needs: "session",
    support: "withheld",
    tag,
    summary: "Take out everything that is known of a person",
    description:
      "One ZIP archive: a README that says what is in each file, and NDJSON files. Without `user_id` one's own; another member's needs the right to manage members.",
    body: z.strictObject({ user_id: UserId.optional() }),
    also: { 200: { description: "The archive", type: "application/zip" } },
    raw: true,
  }),
  erasures: endpoint({
    method: "GET",
    path: "/privacy/erase",
    needs: "user.edit",
    tag,
    summary: "List what was asked to be erased, and what became of it",
    reply: z.object({ erasures: z.array(Erasure) }),
  }),
  ask: endpoint({
    method: "POST",
    path: "/privacy/erase",
    needs: "user.edit",
    tag,
    status: 201,
    summary: "Ask for a person's data to be erased",
    description:
      "`user_id` is a member, `chat_id` the chat of an outside visitor. Nothing goes yet: the answer says what would, and what must be sent to confirm it within a day.",
    body: z
      .strictObject({
        user_id: UserId.optional(),
        chat_id: ChatId.optional(),
        scope: ErasureScope.default("everything"),
        reason: Reason,
      })
      .refine(({ user_id, chat_id }) => (user_id === undefined) !== (chat_id === undefined), {
        error: "Name a member or a chat: one of user_id and chat_id",
        path: ["user_id"],
      }),
    reply: z.object({
      erasure: Erasure,
      /** What must be sent as `confirm`: the member's address, or the chat's id. */
      confirm: z.string(),
      /** How many of each would go; `flows_naming_the_address` stay, and must be changed by somebody. */
      affects: ErasedCounts,
    }),
  }),
  confirm: endpoint({
    method: "POST",
    path: "/privacy/erase/:erasure_id",
    needs: "user.edit",
    proof: true,
    tag,
    summary: "Confirm an erasure: it cannot be undone",
    params: z.object({ erasure_id: ErasureId }),
    body: z.strictObject({ confirm: z.string().min(1).max(300) }),
    reply: z.object({ erasure: Erasure }),
  }),
  holds: endpoint({
    method: "GET",
    path: "/privacy/holds",
    needs: "workspace.edit",
    tag,
    summary: "List legal holds",
    reply: z.object({ holds: z.array(LegalHold) }),
  }),
  hold: endpoint({
    method: "POST",
    path: "/privacy/holds",
    needs: "workspace.edit",
    tag,
    summary: "Place a legal hold",
    description:
      "`target` is an execution, a chat, a flow (and all it did), a user or an API key (and all they began), or `workspace`. What is held is neither swept nor erased.",
    status: 201,
    body: z.strictObject({ target: HoldTarget, reason: Reason }),
    reply: z.object({ hold: LegalHold }),
  }),
  lift: endpoint({
    method: "DELETE",
    path: "/privacy/holds/:hold_id",
    needs: "workspace.edit",
    tag,
    summary: "Lift a legal hold",
    params: z.object({ hold_id: HoldId }),
  }),
} as const
