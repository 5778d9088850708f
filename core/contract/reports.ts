import * as z from "zod"
import { Report, ReportKind } from "#core/evidence/report"
import { endpoint } from "./endpoint.ts"

export const Signature = z
  .object({
    algorithm: z.literal("Ed25519"),
    key_id: z.string(),
    /** 32 bytes, base64url. */
    public_key: z.string(),
    /** Over the canonical JSON (RFC 8785) of `report`, in UTF-8; base64url. */
    value: z.string(),
  })
  .meta({ id: "EvidenceSignature" })
export type Signature = z.infer<typeof Signature>

export const SignedReport = z.object({ report: Report, signature: Signature }).meta({ id: "SignedReport" })
export type SignedReport = z.infer<typeof SignedReport>

export const reportsApi = {
  get: endpoint({
    method: "GET",
    path: "/reports/:report",
    needs: "workspace.edit",
    tag: "Privacy",
    summary:
      "Evidence for SOC 2, ISO 27001 or GDPR, filled from the workspace's data as it is now, and signed",
    description:
      "Says of each control what the data shows, and what is missing; nothing is claimed that the data does not show. `format=markdown` answers the same to be read.",
    params: z.object({ report: ReportKind }),
    query: z.strictObject({ format: z.enum(["json", "markdown"]).default("json") }),
    reply: SignedReport,
    raw: true,
  }),
} as const
