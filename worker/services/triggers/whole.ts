import type { FlowTriggerConfig, FormConfig, WebhookConfig } from "#core/contract/trigger-config"
import type { TriggerDraft } from "#core/contract/triggers"
import { Failure, type InputFault } from "#core/errors"
import { checkSchema } from "#core/json-schema"
import { nextFires, timingFaults } from "#core/schedule/timing"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { isoTime } from "#worker/context"
import * as flows from "#worker/db/flows"
import { usableIn } from "#worker/db/shares"

/** What must be true of a trigger as a whole, beyond the shape of its fields; everything wrong is said at once. */
export async function assertWhole(ctx: Ctx, draft: TriggerDraft): Promise<{ flow_name: string }> {
  const flow = await flows.byId(usableIn(ctx.db, "edit"), draft.flow_id)
  if (!flow) {
    const errors = [{ path: "flow_id", message: "There is no such flow" }]
    throw new Failure("flow.not_found", { errors })
  }
  const errors: InputFault[] = []
  if (draft.kind === "webhook") errors.push(...webhookFaults(draft.config, draft.secret))
  if (draft.kind === "schedule") errors.push(...scheduleFaults(draft.config.timing, ctx.now))
  if (draft.kind === "form") errors.push(...formFaults(draft.config))
  if (draft.kind === "flow") errors.push(...(await sourceFaults(ctx, draft.flow_id, draft.config)))
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
  return { flow_name: flow.name }
}

function webhookFaults({ signature, methods }: WebhookConfig, secret: string | undefined): InputFault[] {
  const faults: InputFault[] = []
  if (new Set(methods).size < methods.length)
    faults.push({ path: "config.methods", message: "A method stands twice" })
  if (signature.kind === "none" && secret !== undefined)
    faults.push({ path: "secret", message: "Without a signature there is nothing to keep secret" })
  if (signature.kind === "standard_webhooks" && secret !== undefined && !isStandardSecret(secret)) {
    const message = "Enter whsec_ and 24 to 64 bytes in base64"
    faults.push({ path: "secret", message })
  }
  if (signature.kind === "hmac_sha256" && signature.content !== null) {
    const count = (part: string) => signature.content!.split(part).length - 1
    const path = "config.signature.content"
    if (count("{body}") !== 1) faults.push({ path, message: "Say once where the body stands: {body}" })
    if (count("{timestamp}") > 0 && signature.timestamp_header === null)
      faults.push({ path, message: "Name the header that holds the timestamp" })
    // A timestamp that is not signed is anybody's.
    if (count("{timestamp}") === 0 && signature.timestamp_header !== null)
      faults.push({ path, message: "Say where the timestamp stands: {timestamp}" })
  }
  return faults
}

export function isStandardSecret(secret: string): boolean {
  const bytes = /^whsec_([A-Za-z\d+/]+={0,2})$/.exec(secret)?.[1]
  const length = bytes === undefined ? 0 : Buffer.from(bytes, "base64").byteLength
  return length >= 24 && length <= 64
}

const scheduleFaults = (timing: Parameters<typeof timingFaults>[0], now: number): InputFault[] =>
  timingFaults(timing, now).map(({ path, message }) => ({ path: `config.timing.${path}`, message }))

function formFaults({ input_schema }: FormConfig): InputFault[] {
  if (input_schema === null) return []
  return checkSchema(input_schema).map(({ path, message }) => ({
    path: ["config.input_schema", path].filter(Boolean).join("."),
    message,
  }))
}

async function sourceFaults(ctx: Ctx, flow: FlowId, config: FlowTriggerConfig): Promise<InputFault[]> {
  const path = "config.source_flow_id"
  if (config.source_flow_id === flow) return [{ path, message: "A flow cannot wait for its own end" }]
  const source = await flows.byId(usableIn(ctx.db), config.source_flow_id)
  return source ? [] : [{ path, message: "There is no such flow" }]
}

/** When a schedule fires next; null for everything else. */
export function nextFireOf(draft: TriggerDraft, now: number): string | null {
  if (draft.kind !== "schedule" || !draft.is_active) return null
  const [next] = nextFires(draft.config.timing, now, 1)
  return next === undefined ? null : isoTime(next)
}
