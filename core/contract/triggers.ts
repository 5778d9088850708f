import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { DeliveryId, ExecutionId, FlowId, TriggerId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"
import {
  FlowTriggerConfig,
  FormConfig,
  ScheduleConfig,
  TriggerKind,
  WebhookConfig,
} from "./trigger-config.ts"

/** Shared by signature and sender. Any text will do, but Standard Webhooks wants `whsec_` and base64 of 24 to 64 bytes. */
const Secret = z
  .string()
  .trim()
  .min(8, { error: "Enter at least 8 characters" })
  .max(512)
  .regex(/^[!-~]+$/, { error: "A secret is plain ASCII without spaces" })

const common = {
  flow_id: FlowId,
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  is_active: z.boolean().default(true),
}

const webhook = z.strictObject({
  ...common,
  kind: z.literal("webhook"),
  config: WebhookConfig.prefault({}),
  /** For signatures; absent: one is made and shown once. At a change: absent keeps the one that is set. */
  secret: Secret.optional(),
})
const schedule = z.strictObject({ ...common, kind: z.literal("schedule"), config: ScheduleConfig })
const form = z.strictObject({ ...common, kind: z.literal("form"), config: FormConfig.prefault({}) })
const flow = z.strictObject({ ...common, kind: z.literal("flow"), config: FlowTriggerConfig })

export const TriggerDraft = z
  .discriminatedUnion("kind", [webhook, schedule, form, flow])
  .meta({ id: "TriggerDraft" })
export type TriggerDraft = z.infer<typeof TriggerDraft>

export const TriggerHealth = z
  .object({
    /** `dead`: it cannot fire as things are, or has failed ten times in a row. `failing`: the last fire failed. */
    status: z.enum(["ok", "failing", "dead", "never_fired"]),
    /** Why it is failing or dead, in a sentence. */
    reason: z.string().nullable(),
    failures_in_a_row: z.int(),
    last_error: z.string().nullable(),
    last_error_at: Time.nullable(),
  })
  .meta({ id: "TriggerHealth" })
export type TriggerHealth = z.infer<typeof TriggerHealth>

const shown = {
  id: TriggerId,
  flow_id: FlowId,
  /** Null when the flow is deleted. */
  flow_name: z.string().nullable(),
  name: z.string(),
  is_active: z.boolean(),
  health: TriggerHealth,
  last_fired_at: Time.nullable(),
  /** Schedules only: when it fires next; null while it is not active. */
  next_fire_at: Time.nullable(),
  /** Webhooks and forms: the path of the public address (`/hooks/…`, `/form/…`), for those who may change the trigger; else null. */
  address: z.string().nullable(),
  /** Webhooks: whether a secret for signatures is set, and its end. */
  secret: z.object({ set: z.boolean(), hint: z.string() }).nullable(),
  /** Rises with every change; the ETag. */
  version: z.int(),
  created_by: z.string(),
  created_at: Time,
  updated_at: Time,
}

export const Trigger = z
  .discriminatedUnion("kind", [
    z.object({ ...shown, kind: z.literal("webhook"), config: WebhookConfig }),
    z.object({ ...shown, kind: z.literal("schedule"), config: ScheduleConfig }),
    z.object({ ...shown, kind: z.literal("form"), config: FormConfig }),
    z.object({ ...shown, kind: z.literal("flow"), config: FlowTriggerConfig }),
  ])
  .meta({ id: "Trigger" })
export type Trigger = z.infer<typeof Trigger>

/**
 * `accepted`: an execution was started. `duplicate`: one was started by an earlier delivery of the same. `refused`: the sender's
 * fault (signature, method, size, inputs). `failed`: ours (the flow is gone or invalid). `captured`: shown to the test listener
 * only. `missed`: a schedule's fire that its policy left out.
 */
export const DeliveryOutcome = z.enum(["accepted", "duplicate", "refused", "failed", "captured", "missed"])
export type DeliveryOutcome = z.infer<typeof DeliveryOutcome>

export const Delivery = z
  .object({
    id: DeliveryId,
    trigger_id: TriggerId,
    at: Time,
    outcome: DeliveryOutcome,
    /** Why it was refused, failed or missed, in a sentence. */
    reason: z.string().nullable(),
    /** The HTTP status that was answered; null where nobody asked (schedules, flows). */
    status: z.int().nullable(),
    execution_id: ExecutionId.nullable(),
    method: z.string().nullable(),
    query: z.record(z.string(), z.string()),
    /** Secrets, signatures and cookies are masked. */
    headers: z.record(z.string(), z.string()),
    /** SHA-256 of the raw body, base64url. */
    digest: z.string().nullable(),
    body_bytes: z.int(),
    /** The first 4,000 characters. */
    body_excerpt: z.string(),
    /** Schedules: the time that it fired for. */
    scheduled_for: Time.nullable(),
    /** Flow triggers: the execution whose end fired it. */
    source_execution_id: ExecutionId.nullable(),
    /** Made from an earlier one by a person. */
    redelivery_of: DeliveryId.nullable(),
    /** Whether the whole body is kept, so that it can be delivered again. */
    can_redeliver: z.boolean(),
  })
  .meta({ id: "Delivery" })
export type Delivery = z.infer<typeof Delivery>

/** What a delivery is to expressions and to the mode `envelope`. */
export const DeliveryEnvelope = z
  .object({
    body: z.json(),
    headers: z.record(z.string(), z.string()),
    query: z.record(z.string(), z.string()),
    method: z.string(),
  })
  .meta({ id: "DeliveryEnvelope" })
export type DeliveryEnvelope = z.infer<typeof DeliveryEnvelope>

const Listening = z
  .object({
    is_listening: z.boolean(),
    until: Time.nullable(),
    /** What was captured since the listening began; null while nothing came. */
    delivery: Delivery.nullable(),
    sample: DeliveryEnvelope.nullable(),
  })
  .meta({ id: "TriggerListening" })

/** What a field's fault is, for the editor to show at the field. */
const FieldFinding = z.object({ path: z.string(), message: z.string() })

/** What somebody with a form's link sees: the questions, and nothing else of the tenant. */
export const PublicForm = z
  .object({
    title: z.string(),
    description: z.string(),
    submit_label: z.string(),
    input_schema: JsonSchema,
    tenant_name: z.string(),
  })
  .meta({ id: "PublicForm" })
export type PublicForm = z.infer<typeof PublicForm>

/** How a form's sender is answered, as its trigger says. Outputs that do not come in time are answered as a message. */
export const FormAnswer = z
  .discriminatedUnion("is", [
    z.object({ is: z.literal("message"), message: z.string() }),
    z.object({ is: z.literal("redirect"), url: z.string() }),
    z.object({ is: z.literal("outputs"), outputs: z.json() }),
    z.object({ is: z.literal("failed"), message: z.string() }),
  ])
  .meta({ id: "FormAnswer" })
export type FormAnswer = z.infer<typeof FormAnswer>

const tag = "Triggers"
const params = z.object({ trigger_id: TriggerId })
const one = z.object({ trigger: Trigger })
/** A secret that was made here is told in this answer and never again. */
const oneWithSecret = one.extend({ secret: z.string().nullable() })
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }
const Fired = z.object({ delivery: Delivery })
const token = z.object({ token: z.string().max(200) })

export const triggersApi = {
  list: endpoint({
    method: "GET",
    path: "/triggers",
    needs: "trigger.read",
    tag,
    summary: "List triggers",
    query: listQuery(["created_at", "updated_at", "name", "last_fired_at", "next_fire_at"]).extend({
      flow_id: FlowId.optional(),
      kind: TriggerKind.optional(),
      /** `inactive`, or a health. */
      status: z.enum(["inactive", "ok", "failing", "dead", "never_fired"]).optional(),
      deleted: z.enum(["true", "false"]).optional(),
    }),
    reply: z.object({ triggers: z.array(Trigger), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/triggers",
    needs: "trigger.edit",
    tag,
    status: 201,
    summary: "Create a trigger; a secret that is made for it is shown this once",
    body: TriggerDraft,
    reply: oneWithSecret,
  }),
  previewSchedule: endpoint({
    method: "POST",
    path: "/triggers/preview-schedule",
    reads: true,
    needs: "trigger.read",
    tag,
    summary: "The next three fires of a schedule, or what is wrong with it",
    body: z.strictObject({
      cron: z.string().max(200),
      time_zone: z.string().max(100).default("UTC"),
      after: z.iso.datetime({ offset: true }).optional(),
    }),
    reply: z.object({ fires: z.array(Time), findings: z.array(FieldFinding) }),
  }),
  get: endpoint({
    method: "GET",
    path: "/triggers/:trigger_id",
    needs: "trigger.read",
    tag,
    summary: "One trigger",
    params,
    reply: one,
  }),
  update: endpoint({
    method: "PUT",
    path: "/triggers/:trigger_id",
    needs: "trigger.edit",
    tag,
    summary: "Change a trigger; its kind stays",
    params,
    body: TriggerDraft,
    reply: oneWithSecret,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/triggers/:trigger_id",
    needs: "trigger.edit",
    tag,
    status: 204,
    summary: "Delete a trigger: its address and schedule stop at once",
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/triggers/:trigger_id/restore",
    needs: "trigger.edit",
    tag,
    summary: "Bring back a deleted trigger with its address and secret",
    params,
    reply: one,
  }),
  rotate: endpoint({
    method: "POST",
    path: "/triggers/:trigger_id/rotate",
    needs: "trigger.edit",
    tag,
    summary: "Replace the secret or the address; the old one stops at once",
    params,
    body: z.strictObject({ what: z.enum(["secret", "address"]), secret: Secret.optional() }),
    reply: oneWithSecret,
  }),
  test: endpoint({
    method: "POST",
    path: "/triggers/:trigger_id/test",
    needs: "trigger.edit",
    tag,
    status: 202,
    summary: "Fire now",
    description:
      "A webhook is given the body as if a sender's signature had been right; a form its inputs; a schedule its own inputs; a flow trigger the body as the outputs.",
    params,
    body: z.strictObject({ body: z.json().default({}) }).prefault({}),
    mostBytes: 524_288,
    reply: Fired,
  }),
  listen: endpoint({
    method: "POST",
    path: "/triggers/:trigger_id/listen",
    needs: "trigger.edit",
    tag,
    summary: "Listen for the next delivery of a webhook, for two minutes",
    description:
      "With `start` the delivery also starts an execution; without, it is captured only. It must be signed like any other. `stop` ends the listening.",
    params,
    body: z
      .strictObject({ start: z.boolean().default(false), stop: z.boolean().default(false) })
      .prefault({}),
    reply: Listening,
  }),
  heard: endpoint({
    method: "GET",
    path: "/triggers/:trigger_id/listen",
    needs: "trigger.read",
    tag,
    summary: "What the listening has heard; `wait` seconds at most until it has",
    params,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(25).default(0) }),
    reply: Listening,
  }),
  deliveries: endpoint({
    method: "GET",
    path: "/triggers/:trigger_id/deliveries",
    needs: "trigger.read",
    tag,
    summary: "The last deliveries, newest first",
    params,
    query: z.strictObject({
      page: z.coerce.number().int().min(1).max(100_000).default(1),
      limit: z.coerce.number().int().min(1).max(200).default(20),
      outcome: DeliveryOutcome.optional(),
    }),
    reply: z.object({ deliveries: z.array(Delivery), total: z.int(), page_info: PageInfo }),
  }),
  redeliver: endpoint({
    method: "POST",
    path: "/triggers/:trigger_id/deliveries/:delivery_id/redeliver",
    needs: "trigger.edit",
    tag,
    status: 202,
    summary: "Deliver once more: always starts an execution",
    params: params.extend({ delivery_id: DeliveryId }),
    reply: Fired,
  }),
} as const

export const formsApi = {
  get: endpoint({
    method: "GET",
    path: "/forms/:token",
    needs: "public",
    tag: "Forms",
    summary: "A hosted form",
    params: token,
    reply: z.object({ form: PublicForm }),
  }),
  submit: endpoint({
    method: "POST",
    path: "/forms/:token",
    needs: "public",
    tag: "Forms",
    status: 202,
    summary: "Send a form in: starts an execution of its flow",
    params: token,
    mostBytes: 262_144,
    body: z.strictObject({ inputs: z.record(z.string(), z.json()) }),
    reply: z.object({ answer: FormAnswer }),
  }),
} as const
