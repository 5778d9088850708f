import type {
  FlowTriggerConfig,
  FormConfig,
  ScheduleConfig,
  TriggerKind,
  WebhookConfig,
  WebhookSignature,
} from "#core/contract/trigger-config"
import type { Trigger } from "#core/contract/triggers"
import type { JsonSchema } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { ownZone } from "../model/time-zones.ts"

/** What stands in the fields of the dialog; each kind uses its own. Names are the last part of an error's path. */
export type TriggerValues = {
  kind: TriggerKind
  flow_id: string
  flow_name: string
  name: string
  is_active: boolean
  // webhook
  methods: readonly ("GET" | "POST" | "PUT")[]
  signature: WebhookSignature["kind"]
  secret: string
  header: string
  encoding: "hex" | "base64"
  prefix: string
  timestamp_header: string
  tolerance_seconds: number | undefined
  content: string
  id_header: string
  id_window_seconds: number
  body_window_seconds: number | null
  max_body_bytes: number
  reply: string
  wait_seconds: number | undefined
  on_timeout: "accepted" | "problem"
  // what becomes of a delivery
  shape: "body" | "envelope" | "outputs" | "mapping"
  mapping: JsonObject
  // schedule
  timing: "cron" | "interval"
  cron: string
  time_zone: string
  every_seconds: number | undefined
  missed: ScheduleConfig["missed"]
  inputs: JsonObject
  // form
  title: string
  description: string
  submit_label: string
  asks: "flow" | "own"
  input_schema: JsonSchema
  message: string
  url: string
  // flow
  source_flow_id: string
  source_flow_name: string
  on: FlowTriggerConfig["on"]
}

export const thanks = "Thank you. We have received it."

const blank: Omit<TriggerValues, "kind" | "flow_id" | "flow_name"> = {
  name: "",
  is_active: true,
  methods: ["POST"],
  signature: "none",
  secret: "",
  header: "",
  encoding: "hex",
  prefix: "",
  timestamp_header: "",
  tolerance_seconds: 300,
  content: "",
  id_header: "",
  id_window_seconds: 86_400,
  body_window_seconds: null,
  max_body_bytes: 1_048_576,
  reply: "accepted",
  wait_seconds: 30,
  on_timeout: "accepted",
  shape: "body",
  mapping: {},
  timing: "cron",
  cron: "0 9 * * 1-5",
  time_zone: "UTC",
  every_seconds: 600,
  missed: "fire_once",
  inputs: {},
  title: "",
  description: "",
  submit_label: "Send",
  asks: "flow",
  input_schema: { type: "object", properties: {} },
  message: thanks,
  url: "",
  source_flow_id: "",
  source_flow_name: "",
  on: "succeeded",
}

/** What a new trigger of a kind begins with: what most people want of it. */
export const newValues = (kind: TriggerKind, flow: { id: string; name: string } | null): TriggerValues => ({
  ...blank,
  kind,
  flow_id: flow?.id ?? "",
  flow_name: flow?.name ?? "",
  time_zone: ownZone(),
  shape: kind === "flow" ? "outputs" : "body",
  reply: kind === "form" ? "message" : "accepted",
})

/** What a trigger has in its fields. */
export function valuesOf(trigger: Trigger): TriggerValues {
  const { flow_id, name, is_active } = trigger
  const common = {
    ...newValues(trigger.kind, { id: flow_id, name: trigger.flow_name ?? "" }),
    name,
    is_active,
  }
  switch (trigger.kind) {
    case "webhook":
      return { ...common, ...webhookValues(trigger.config) }
    case "schedule":
      return {
        ...common,
        timing: trigger.config.timing.kind,
        ...(trigger.config.timing.kind === "cron"
          ? { cron: trigger.config.timing.cron, time_zone: trigger.config.timing.time_zone }
          : { every_seconds: trigger.config.timing.every_seconds }),
        missed: trigger.config.missed,
        inputs: trigger.config.inputs,
      }
    case "form":
      return { ...common, ...formValues(trigger.config) }
    case "flow": {
      const { source_flow_id, on, inputs } = trigger.config
      return { ...common, source_flow_id, on, ...shapeValues(inputs) }
    }
    default:
      return trigger satisfies never
  }
}

const shapeValues = (
  inputs: WebhookConfig["inputs"] | FlowTriggerConfig["inputs"],
): Pick<TriggerValues, "shape" | "mapping"> =>
  typeof inputs === "string" ? { shape: inputs, mapping: {} } : { shape: "mapping", mapping: inputs.mapping }

function webhookValues({ methods, signature, dedupe, max_body_bytes, inputs, reply }: WebhookConfig) {
  return {
    methods,
    signature: signature.kind,
    ...("header" in signature ? { header: signature.header } : {}),
    ...("tolerance_seconds" in signature ? { tolerance_seconds: signature.tolerance_seconds } : {}),
    ...(signature.kind === "hmac_sha256"
      ? {
          encoding: signature.encoding,
          prefix: signature.prefix,
          timestamp_header: signature.timestamp_header ?? "",
          content: signature.content ?? "",
        }
      : {}),
    id_header: dedupe.id_header ?? "",
    id_window_seconds: dedupe.id_window_seconds,
    body_window_seconds: dedupe.body_window_seconds,
    max_body_bytes,
    reply: reply.mode,
    ...(reply.mode === "outputs" ? { wait_seconds: reply.wait_seconds, on_timeout: reply.on_timeout } : {}),
    ...shapeValues(inputs),
  }
}

const formValues = ({ title, description, submit_label, input_schema, reply }: FormConfig) => ({
  title,
  description,
  submit_label,
  asks: input_schema === null ? ("flow" as const) : ("own" as const),
  ...(input_schema === null ? {} : { input_schema }),
  reply: reply.mode,
  ...(reply.mode === "message" ? { message: reply.message } : {}),
  ...(reply.mode === "redirect" ? { url: reply.url } : {}),
  ...(reply.mode === "outputs" ? { wait_seconds: reply.wait_seconds } : {}),
})
