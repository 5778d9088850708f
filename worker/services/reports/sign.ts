import { toHex, utf8 } from "#core/audit/bytes"
import { noteOf, originOf, verifierKey } from "#core/audit/note"
import { sha256 } from "#core/audit/sha256"
import type { Signature } from "#core/contract/reports"
import { canonical } from "#core/evidence/fill"
import type { Report } from "#core/evidence/report"
import { signAs } from "#worker/audit/sign"
import type { Env } from "#worker/env"

/** Signs a report with the key that signs the tenant's audit checkpoints: whoever noted that key checks both (docs/privacy.md). */
export async function signReport(env: Env, report: Report): Promise<Signature> {
  const tenant = report.workspace.id
  const text = `edgecrew/report/${tenant}\nsha256 ${toHex(sha256(utf8(canonical(report))))}\ntime ${report.generated_at}\n`
  const { key, signature } = await signAs(env, originOf(tenant), text)
  return { verifier_key: verifierKey(key), note: noteOf(text, key, signature) }
}
