import type { BodyOf } from "#core/contract/endpoint"
import type { Trigger, triggersApi } from "#core/contract/triggers"
import { Failure, found } from "#core/errors"
import type { TriggerId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as triggers from "#worker/db/triggers"
import { digestOf } from "#worker/digest"
import { tokenOf } from "./address.ts"
import { sealed } from "./secret.ts"
import { oneOf, type TriggerSettings } from "./shape.ts"

type Body = BodyOf<typeof triggersApi.rotate>

/** Replaces a secret or an address that somebody may have seen; the old one stops at once. */
export async function rotateTrigger(
  ctx: Ctx,
  settings: TriggerSettings,
  id: TriggerId,
  body: Body,
): Promise<{ trigger: Trigger; secret: string | null }> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  const { change, told } = await renewed(ctx, settings, row, body)
  const after = { ...row, ...change, updated_at: isoTime(ctx.now), version: row.version + 1 }
  return commit(
    ctx,
    { trigger: await oneOf(ctx, settings, after), secret: told },
    triggers.save(ctx.db, id, row.version, { ...change, updated_at: after.updated_at }),
    audit(ctx, "trigger.rotate", { target: id, after: { what: body.what } }),
  )
}

async function renewed(ctx: Ctx, settings: TriggerSettings, row: triggers.TriggerRow, body: Body) {
  if (body.what === "address") {
    if (row.token_digest === null) throw unfit("what", "This trigger has no address")
    if (body.secret !== undefined) throw unfit("secret", "An address is made, not chosen")
    const token_number = row.token_number + 1
    const token_digest = digestOf(tokenOf(settings, ctx.tenant.id, row.id, token_number))
    return { change: { token_number, token_digest }, told: null }
  }
  const kind = "signature" in row.config ? row.config.signature.kind : "none"
  if (kind === "none") throw unfit("what", "This trigger checks no signature")
  const { kept, told } = await sealed(ctx, settings, row.id, body.secret, kind)
  return { change: kept, told }
}

const unfit = (path: string, message: string) =>
  new Failure("request.invalid", { errors: [{ path, message }] })
