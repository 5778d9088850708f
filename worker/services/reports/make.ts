import { actorId } from "#core/access/roles"
import type { SignedReport } from "#core/contract/reports"
import { found } from "#core/errors"
import { canonical, filled, markdownOf } from "#core/evidence/fill"
import type { ReportKind } from "#core/evidence/report"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"
import type { Env } from "#worker/env"
import { factsOf } from "./facts.ts"
import { signText } from "./sign.ts"

/** How far a report looks back where it counts what happened. */
const periodMs = 90 * 86_400_000

/** A report of this moment, signed. */
export async function makeReport(env: Env, ctx: Ctx, kind: ReportKind): Promise<SignedReport> {
  allow(ctx.actor, "workspace.edit")
  const { id, name, slug } = found(
    await identities.tenantById(await ctx.control(), ctx.tenant.id),
    "tenant.not_found",
  )
  const since = isoTime(ctx.now - periodMs)
  const report = filled(kind, await factsOf(ctx, since), {
    workspace: { id, name, slug },
    generated_at: isoTime(ctx.now),
    generated_by: actorId(ctx.actor),
    since,
  })
  return { report, signature: await signText(env, canonical(report)) }
}

/** The same to be read: the signature, which is that of the JSON, goes with it. */
export function readable({ report, signature }: SignedReport): string {
  return `${markdownOf(report)}
## Signature

Ed25519 over the canonical JSON of this report (RFC 8785), key \`${signature.key_id}\`.

- Public key: \`${signature.public_key}\`
- Signature: \`${signature.value}\`
`
}
