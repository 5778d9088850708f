import { Failure } from "#core/errors"
import { isJsonObject, type Json } from "#core/json"
import type { DeliveryRow } from "#worker/db/trigger-deliveries"
import type { TriggerRow } from "#worker/db/triggers"
import { envelopeOf } from "./envelope.ts"
import type { Occasion, Told } from "./inputs.ts"

/** What an earlier delivery told, once more. */
export function occasionOf({ kind }: TriggerRow, delivery: DeliveryRow): Occasion {
  const { body, headers, query, method, scheduled_for } = delivery
  if (body === null) throw new Failure("delivery.not_kept")
  switch (kind) {
    case "webhook": {
      const envelope = envelopeOf(body, { headers, query, method: method ?? "POST" })
      return { is: "webhook", envelope, text: body }
    }
    case "schedule":
      return { is: "schedule", at: Date.parse(scheduled_for ?? delivery.at) }
    case "form": {
      const inputs: unknown = JSON.parse(body)
      return { is: "form", inputs: isJsonObject(inputs) ? inputs : {} }
    }
    case "flow":
      // Ours, as it was written down.
      return { is: "flow", ended: JSON.parse(body) as Told }
    default:
      return kind satisfies never
  }
}

/** What a person makes up to see a trigger fire. */
export function sampleOccasion(row: TriggerRow, body: Json, now: number, source: Told): Occasion {
  switch (row.kind) {
    case "webhook": {
      const text = typeof body === "string" ? body : JSON.stringify(body)
      const type = typeof body === "string" ? "text/plain" : "application/json"
      const delivery = { headers: { "content-type": type }, query: {}, method: "POST" }
      return { is: "webhook", envelope: envelopeOf(text, delivery), text }
    }
    case "schedule":
      return { is: "schedule", at: now }
    case "form":
      return { is: "form", inputs: isJsonObject(body) ? body : {} }
    case "flow":
      return { is: "flow", ended: { ...source, outputs: body } }
    default:
      return row.kind satisfies never
  }
}
