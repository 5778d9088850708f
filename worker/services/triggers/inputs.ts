import { FlowTriggerConfig, ScheduleConfig, WebhookConfig } from "#core/contract/trigger-config"
import type { DeliveryEnvelope } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import type { StepError } from "#core/execution/event"
import type { ExecutionStatus } from "#core/execution/status"
import { ExpressionError } from "#core/flow/expression/error"
import { resolveFields } from "#core/flow/expression/template"
import type { ExecutionId, FlowId } from "#core/ids"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { isoTime } from "#worker/context"
import type { TriggerRow } from "#worker/db/triggers"

/** An execution that has ended, as flow triggers are told of it. */
export type Told = {
  /** Null for one that a person made up. */
  execution_id: ExecutionId | null
  flow_id: FlowId
  status: ExecutionStatus
  outputs: Json
  error: StepError | null
}

/** What fires a trigger. `text` is the body as it came, for another delivery of it. */
export type Occasion =
  | { is: "webhook"; envelope: DeliveryEnvelope; text: string }
  | { is: "schedule"; at: number }
  | { is: "form"; inputs: JsonObject }
  | { is: "flow"; ended: Told }

/** Two copies of the inputs stand in an execution's journal, whose rows are bounded. */
const mostInputBytes = 1_000_000

/** The flow's inputs, made of what fired the trigger as its settings say. */
export async function inputsOf(
  row: Pick<TriggerRow, "config">,
  occasion: Occasion,
  now: number,
): Promise<JsonObject> {
  const inputs = await made(row.config, occasion, now)
  const size = new TextEncoder().encode(JSON.stringify(inputs)).byteLength
  if (size <= mostInputBytes) return inputs
  throw new Failure("request.too_large", {
    detail: `The flow's inputs would be ${size} bytes; ${mostInputBytes} are the most.`,
  })
}

async function made(config: TriggerRow["config"], occasion: Occasion, now: number): Promise<JsonObject> {
  switch (occasion.is) {
    case "webhook": {
      const { inputs } = WebhookConfig.parse(config)
      const { envelope } = occasion
      if (typeof inputs === "object") return mapped(inputs.mapping, envelope)
      return inputs === "envelope" ? envelope : underOr(envelope.body, "body")
    }
    case "schedule": {
      const facts = { scheduled_for: isoTime(occasion.at), fired_at: isoTime(now) }
      return mapped(ScheduleConfig.parse(config).inputs, facts)
    }
    case "form":
      return occasion.inputs
    case "flow": {
      const { inputs } = FlowTriggerConfig.parse(config)
      const { ended } = occasion
      if (typeof inputs === "object") return mapped(inputs.mapping, ended as unknown as JsonObject)
      return inputs === "envelope" ? (ended as unknown as JsonObject) : underOr(ended.outputs, "value")
    }
    default:
      return occasion satisfies never
  }
}

/** An object is the inputs; anything else stands under a name. */
const underOr = (value: Json, name: string): JsonObject =>
  isJsonObject(value) ? value : value === null ? {} : { [name]: value }

async function mapped(mapping: Record<string, unknown>, input: JsonObject): Promise<JsonObject> {
  try {
    const scope = { input, nodes: {}, execution: {}, vars: {} }
    const resolved = await resolveFields(mapping as JsonObject, scope)
    return isJsonObject(resolved) ? resolved : {}
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new Failure("trigger.inputs_failed", { detail: `The inputs could not be made: ${error.message}` })
  }
}
