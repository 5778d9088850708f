import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { FlowId } from "#core/ids"
import { webTemplate } from "#core/web-address"

export const TriggerKind = z.enum(["webhook", "schedule", "form", "flow"])
export type TriggerKind = z.infer<typeof TriggerKind>

const HeaderName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, { error: "Enter the name of a header, such as X-Signature" })

const tolerance_seconds = z.int().min(10).max(86_400).default(300)

/**
 * What proves that a delivery comes from its sender. All are checked on the raw bytes and compared in constant time.
 * `header`: a header holds the secret. `hmac_sha256`: a header holds an HMAC; `content` says over what, such as Slack's
 * `v0:{timestamp}:{body}`. The others are what their vendors document.
 */
export const WebhookSignature = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("header"), header: HeaderName.default("X-Webhook-Secret") }),
    z.strictObject({
      kind: z.literal("hmac_sha256"),
      header: HeaderName.default("X-Signature"),
      encoding: z.enum(["hex", "base64"]).default("hex"),
      /** What stands before the signature, such as `sha256=`. */
      prefix: z.string().max(40).default(""),
      /** Seconds since 1970; older or newer than the tolerance is refused. */
      timestamp_header: HeaderName.nullable().default(null),
      tolerance_seconds,
      /** With a timestamp header: `{timestamp}.{body}` unless said otherwise; without: `{body}`. */
      content: z.string().max(200).nullable().default(null),
    }),
    z.strictObject({ kind: z.literal("github") }),
    z.strictObject({ kind: z.literal("gitlab") }),
    z.strictObject({ kind: z.literal("standard_webhooks"), tolerance_seconds }),
    z.strictObject({ kind: z.literal("stripe"), tolerance_seconds }),
  ])
  .meta({ id: "WebhookSignature" })
export type WebhookSignature = z.infer<typeof WebhookSignature>

const Mapping = z.record(z.string().min(1).max(100), z.json())

export const mostBodyBytes = 1_048_576
const window = z.int().min(0).max(2_592_000)

export const WebhookConfig = z
  .strictObject({
    methods: z
      .array(z.enum(["GET", "POST", "PUT"]))
      .min(1, { error: "Choose at least one method" })
      .max(3)
      .default(["POST"]),
    signature: WebhookSignature.prefault({ kind: "none" }),
    dedupe: z
      .strictObject({
        /** The header that names a delivery; null: the signature kind's own (`X-GitHub-Delivery`, `webhook-id`, …), if it has one. */
        id_header: HeaderName.nullable().default(null),
        /** How long an id is remembered; 0 turns it off. */
        id_window_seconds: window.default(86_400),
        /** How long a body is remembered; 0 is off; null is off too, but for `github`, whose ids are not signed: a day. */
        body_window_seconds: window.nullable().default(null),
      })
      .prefault({}),
    max_body_bytes: z.int().min(1).max(mostBodyBytes).default(mostBodyBytes),
    /** `body`: the body's object is the inputs (another value stands under `body`). `envelope`: `{ body, headers, query, method }`. A mapping's templates see that as `input`. */
    inputs: z.union([z.enum(["body", "envelope"]), z.strictObject({ mapping: Mapping })]).default("envelope"),
    /** `accepted`: 202 at once. `outputs`: 200 with the outputs; when they take longer than that, 202 or a 504. */
    reply: z
      .discriminatedUnion("mode", [
        z.strictObject({ mode: z.literal("accepted") }),
        z.strictObject({
          mode: z.literal("outputs"),
          wait_seconds: z.int().min(1).max(60).default(30),
          on_timeout: z.enum(["accepted", "problem"]).default("accepted"),
        }),
      ])
      .prefault({ mode: "accepted" }),
  })
  .meta({ id: "WebhookConfig" })
export type WebhookConfig = z.infer<typeof WebhookConfig>

export const MissedPolicy = z.enum(["skip", "fire_once", "fire_all"])
export type MissedPolicy = z.infer<typeof MissedPolicy>

/** When a schedule fires: by cron in a time zone, or every so many seconds, counted from 1970. */
export const Timing = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("cron"),
      /** Five fields, or a nickname such as `@daily`. */
      cron: z.string().trim().min(1, { error: "Enter a cron expression, such as 0 9 * * 1-5" }).max(200),
      /** An IANA name, such as `Europe/Berlin`. */
      time_zone: z.string().trim().min(1, { error: "Choose a time zone" }).max(100).default("UTC"),
    }),
    z.strictObject({
      kind: z.literal("interval"),
      every_seconds: z.int().min(10, { error: "Every 10 seconds at most" }).max(31_536_000),
    }),
  ])
  .meta({ id: "Timing" })
export type Timing = z.infer<typeof Timing>

export const ScheduleConfig = z
  .strictObject({
    timing: Timing,
    /** What becomes of fires that were missed while the server was down or the tenant suspended: none, one for all, or each (the last 100). */
    missed: MissedPolicy.default("fire_once"),
    /** The flow's inputs; templates see `input.scheduled_for` and `input.fired_at`. */
    inputs: Mapping.default({}),
  })
  .meta({ id: "ScheduleConfig" })
export type ScheduleConfig = z.infer<typeof ScheduleConfig>

export const FormConfig = z
  .strictObject({
    /** Empty: the flow's name. */
    title: z.string().trim().max(200).default(""),
    description: z.string().trim().max(4_000).default(""),
    submit_label: z.string().trim().min(1).max(60).default("Send"),
    /** Null: the flow's own. */
    input_schema: JsonSchema.nullable().default(null),
    reply: z
      .discriminatedUnion("mode", [
        z.strictObject({
          mode: z.literal("message"),
          message: z.string().trim().min(1).max(2_000).default("Thank you. We have received it."),
        }),
        z.strictObject({
          mode: z.literal("redirect"),
          url: webTemplate(2_000, "Enter an address that starts with https://"),
        }),
        z.strictObject({
          mode: z.literal("outputs"),
          wait_seconds: z.int().min(1).max(60).default(30),
        }),
      ])
      .prefault({ mode: "message" }),
  })
  .meta({ id: "FormConfig" })
export type FormConfig = z.infer<typeof FormConfig>

export const FlowTriggerConfig = z
  .strictObject({
    /** The flow whose executions are watched. */
    source_flow_id: FlowId,
    on: z.enum(["succeeded", "failed", "any"]).default("succeeded"),
    /** `outputs`: they are the inputs (a value that is no object stands under `value`). `envelope`: `{ outputs, error, status, execution_id, flow_id }`. A mapping's templates see that as `input`. */
    inputs: z
      .union([z.enum(["outputs", "envelope"]), z.strictObject({ mapping: Mapping })])
      .default("outputs"),
  })
  .meta({ id: "FlowTriggerConfig" })
export type FlowTriggerConfig = z.infer<typeof FlowTriggerConfig>
