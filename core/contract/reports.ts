import * as z from "zod"
import { Report, type ReportKind } from "#core/evidence/report"
import { endpoint } from "./endpoint.ts"

export const Signature = z
  .object({
    /** Of the workspace's audit log, as `GET /audit/key` says it. */
    verifier_key: z.string(),
    /** A C2SP signed note over the SHA-256 of the canonical JSON (RFC 8785) of `report`: docs/privacy.md. */
    note: z.string(),
  })
  .meta({ id: "EvidenceSignature" })
export type Signature = z.infer<typeof Signature>

export const SignedReport = z.object({ report: Report, signature: Signature }).meta({ id: "SignedReport" })
export type SignedReport = z.infer<typeof SignedReport>

const reportOf = <const K extends ReportKind>(kind: K, name: string) =>
  endpoint({
    method: "GET",
    path: `/reports/${kind}`,
    needs: "workspace.edit",
    tag: "Privacy",
    summary: `Evidence for ${name}, filled from the workspace's data as it is now, and signed`,
    description:
      "Says of each control what the data shows and what is missing; nothing is claimed that the data does not show. `format=markdown` answers the same to be read.",
    query: z.strictObject({ format: z.enum(["json", "markdown"]).default("json") }),
    reply: SignedReport,
    raw: true,
  })

export const reportsApi = {
  soc2: reportOf("soc2", "SOC 2"),
  iso27001: reportOf("iso27001", "ISO/IEC 27001"),
  gdpr: reportOf("gdpr", "the GDPR"),
} as const satisfies Record<ReportKind, unknown>
