import type { TriggerDraft } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import type { TriggerId } from "#core/ids"
import type { Ctx } from "#worker/context"
import type { TriggerRow } from "#worker/db/triggers"
import { base64url } from "#worker/digest"
import { hintOf, sealSecret } from "#worker/services/vault"
import { secretPlace, type TriggerSettings } from "./shape.ts"
import { isStandardSecret } from "./whole.ts"

type Kept = Pick<TriggerRow, "secret" | "hint">
/** What is stored, and what is told once: a secret that was made here. */
type Chosen = { kept: Kept; told: string | null }

const none: Chosen = { kept: { secret: null, hint: null }, told: null }

/** The secret that a webhook's signatures are checked with: the one that is given, else the one that it has, else a new one. */
export async function chooseSecret(
  ctx: Ctx,
  settings: TriggerSettings,
  id: TriggerId,
  draft: TriggerDraft,
  before?: Pick<TriggerRow, "secret" | "hint" | "config">,
): Promise<Chosen> {
  if (draft.kind !== "webhook" || draft.config.signature.kind === "none") return none
  const { kind } = draft.config.signature
  if (draft.secret === undefined && before?.secret && keeps(before.config, kind)) {
    return { kept: { secret: before.secret, hint: before.hint }, told: null }
  }
  return sealed(ctx, settings, id, draft.secret, kind)
}

/** Standard Webhooks reads its secret as base64, the others as text: what was made for one does not fit the other. */
function keeps(before: TriggerRow["config"], kind: string): boolean {
  const was = "signature" in before ? before.signature.kind : "none"
  return (was === "standard_webhooks") === (kind === "standard_webhooks")
}

/** Puts a secret into the vault; one that nobody gave is made. */
export async function sealed(
  ctx: Ctx,
  settings: TriggerSettings,
  id: TriggerId,
  given: string | undefined,
  kind: string,
): Promise<Chosen> {
  if (given !== undefined && kind === "standard_webhooks" && !isStandardSecret(given)) {
    const message = "Enter whsec_ and 24 to 64 bytes in base64"
    throw new Failure("request.invalid", { errors: [{ path: "secret", message }] })
  }
  const secret = given ?? newSecret(ctx, kind)
  const place = secretPlace(ctx.tenant.id, id)
  const kept = { secret: await sealSecret(ctx, settings, place, secret), hint: hintOf(secret) }
  return { kept, told: given === undefined ? secret : null }
}

function newSecret({ chance }: Ctx, kind: string): string {
  const bytes = chance(32)
  return kind === "standard_webhooks" ? `whsec_${Buffer.from(bytes).toString("base64")}` : base64url(bytes)
}
