import * as z from "zod"
import { webAddress } from "#core/web-address"
import { endpoint, Time } from "./endpoint.ts"

/** What became of the checkpoint that was sent out last. */
export const CheckpointDelivery = z
  .object({
    state: z
      .enum(["arrived", "failed"])
      .meta({ description: "`failed` is tried again at `next_at`, in order: none is left out" }),
    /** How many entries the checkpoint is over. */
    size: z.int(),
    /** When it was tried last. */
    at: Time,
    /** How often it was tried. */
    attempts: z.int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    next_at: Time.nullable(),
  })
  .meta({ id: "CheckpointDelivery" })
export type CheckpointDelivery = z.infer<typeof CheckpointDelivery>

export const AuditWebhook = z
  .object({
    url: z.string(),
    /** Signs what is sent (Standard Webhooks); told once, when the address is set. */
    secret: z.object({ set: z.boolean(), hint: z.string() }),
    version: z.int(),
    updated_at: Time,
    /** Null until one was sent to this address. */
    delivery: CheckpointDelivery.nullable(),
    /** Checkpoints that are still to be sent. */
    waiting: z.int(),
  })
  .meta({ id: "AuditWebhook" })
export type AuditWebhook = z.infer<typeof AuditWebhook>

const tag = "Audit"
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }

export const auditWebhookApi = {
  get: endpoint({
    method: "GET",
    path: "/audit/webhook",
    needs: "audit.read",
    tag,
    summary: "Where signed checkpoints are sent, and what became of the last one",
    reply: z.object({ webhook: AuditWebhook.nullable() }),
  }),
  put: endpoint({
    method: "PUT",
    path: "/audit/webhook",
    needs: "workspace.edit",
    proof: true,
    tag,
    summary: "Send each new signed checkpoint to an address",
    description:
      "The newest one is sent at once. Another address gets another secret, which is told in this answer and never again; to change the secret alone, stop and set it anew.",
    body: z.strictObject({
      url: webAddress(2_000, "Enter an address such as https://example.com/checkpoints").meta({
        description: "https; http only where the operator has named the host in EGRESS_ALLOW",
      }),
    }),
    reply: z.object({ webhook: AuditWebhook, secret: z.string().nullable() }),
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/audit/webhook",
    needs: "workspace.edit",
    proof: true,
    tag,
    status: 204,
    summary: "Send checkpoints nowhere any more",
    headers: ifMatch,
  }),
  test: endpoint({
    method: "POST",
    path: "/audit/webhook/test",
    needs: "workspace.edit",
    tag,
    summary: "Sign a checkpoint over everything by now, send it, and say what became of it",
    description:
      "For whoever does not want to wait for the next one, which is signed a minute after the last at the latest or 1,000 entries behind it.",
    reply: z.object({
      ok: z.boolean(),
      size: z.int(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  }),
} as const
