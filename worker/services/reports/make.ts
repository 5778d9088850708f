import { actorId } from "#core/access/roles"
import type { SignedReport } from "#core/contract/reports"
import { found } from "#core/errors"
import { filled, markdownOf } from "#core/evidence/fill"
import type { ReportKind } from "#core/evidence/report"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"
import type { Env } from "#worker/env"
import { factsOf } from "./facts.ts"
import { signReport } from "./sign.ts"

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
  const report = filled(kind, await factsOf(env, ctx, since), {
    workspace: { id, name, slug },
    generated_at: isoTime(ctx.now),
    generated_by: actorId(ctx.actor),
    since,
  })
  return { report, signature: await signReport(env, report) }
}

/** The same to be read: the signature, which is that of the JSON, goes with it. */
export function readable({ report, signature }: SignedReport): string {
  return `${markdownOf(report)}
## Signature

Of the JSON of this report, by the key of this workspace's audit log. Check the JSON with \`npm run audit:verify -- --report\`.

\`\`\`
${signature.verifier_key}

${signature.note}\`\`\`
`
}
