import type { TriggerValues } from "./values.ts"

/** What the fields say, as it is sent; the contract then says what is wrong with it. */
export function bodyOf(values: TriggerValues): unknown {
  const { kind, flow_id, name, is_active, secret } = values
  return {
    kind,
    flow_id,
    name,
    is_active,
    config: configOf(values),
    ...(kind === "webhook" && values.signature !== "none" && secret.trim() !== "" ? { secret } : {}),
  }
}

function configOf(values: TriggerValues): object {
  switch (values.kind) {
    case "webhook":
      return webhookOf(values)
    case "schedule":
      return {
        timing:
          values.timing === "cron"
            ? { kind: "cron", cron: values.cron, time_zone: values.time_zone }
            : { kind: "interval", every_seconds: values.every_seconds },
        missed: values.missed,
        inputs: values.inputs,
      }
    case "form":
      return {
        title: values.title,
        description: values.description,
        submit_label: values.submit_label,
        input_schema: values.asks === "own" ? values.input_schema : null,
        reply: formReplyOf(values),
      }
    case "flow":
      return { source_flow_id: values.source_flow_id, on: values.on, inputs: inputsOf(values) }
    default:
      return values.kind satisfies never
  }
}

const inputsOf = ({ shape, mapping }: TriggerValues) => (shape === "mapping" ? { mapping } : shape)
const orNull = (text: string): string | null => text.trim() || null

function webhookOf(values: TriggerValues): object {
  return {
    methods: values.methods,
    signature: signatureOf(values),
    dedupe: {
      id_header: orNull(values.id_header),
      id_window_seconds: values.id_window_seconds,
      body_window_seconds: values.body_window_seconds,
    },
    max_body_bytes: values.max_body_bytes,
    inputs: inputsOf(values),
    reply:
      values.reply === "outputs"
        ? { mode: "outputs", wait_seconds: values.wait_seconds, on_timeout: values.on_timeout }
        : { mode: "accepted" },
  }
}

function signatureOf(values: TriggerValues): object {
  const { signature: kind, tolerance_seconds } = values
  // An empty header means the usual one.
  const header = values.header.trim() === "" ? {} : { header: values.header.trim() }
  switch (kind) {
    case "none":
    case "github":
    case "gitlab":
      return { kind }
    case "header":
      return { kind, ...header }
    case "standard_webhooks":
    case "stripe":
      return { kind, tolerance_seconds }
    case "hmac_sha256":
      return {
        kind,
        ...header,
        encoding: values.encoding,
        prefix: values.prefix,
        timestamp_header: orNull(values.timestamp_header),
        tolerance_seconds,
        content: orNull(values.content),
      }
    default:
      return kind satisfies never
  }
}

function formReplyOf({ reply, message, url, wait_seconds }: TriggerValues): object {
  if (reply === "redirect") return { mode: "redirect", url }
  if (reply === "outputs") return { mode: "outputs", wait_seconds }
  return { mode: "message", message }
}

/** The field that an error's path means: the last of its parts that is one. `config.timing.cron` is `cron`. */
export function fieldOf(path: string, values: object): string {
  const parts = path.split(".").toReversed()
  return parts.find((part) => part in values && part !== "config") ?? path
}
