import * as z from "zod"
import { ExchangeFormat } from "#core/exchange/format"
import { ImportReport } from "#core/exchange/report"
import { Finding } from "#core/flow/graph"
import { Time } from "./endpoint.ts"

/** A file of another product that a flow was made of, without its secrets. */
const origin = {
  format: ExchangeFormat.exclude(["edgecrew.flow"]),
  language: z.enum(["json", "yaml"]),
  content: z.string().max(1_500_000),
}
export const FlowOrigin = z.strictObject(origin).meta({ id: "FlowOrigin" })
export type FlowOrigin = z.infer<typeof FlowOrigin>

const Changes = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.string()),
})

/** The original as it was imported, and what of the flow was edited since, which the original does not have. */
export const OriginFile = z
  .object({
    ...origin,
    imported_at: Time,
    /** What became of each part of it. */
    report: ImportReport,
    edited: z.object({ nodes: Changes, edges: Changes }),
  })
  .meta({ id: "OriginFile" })
export type OriginFile = z.infer<typeof OriginFile>

export const mostImport = 4_000_000

/** The file as text, or as JSON; CrewAI's two files under their names. */
export const ImportBody = z.strictObject({
  format: z
    .union([z.literal("auto"), ExchangeFormat])
    .optional()
    .meta({ description: "Told by the file itself unless said" }),
  content: z
    .union([z.string().max(mostImport), z.record(z.string(), z.json())])
    .meta({ description: "The file as text, or as JSON; for CrewAI { agents_yaml, tasks_yaml }" }),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "The flow's name, instead of the file's" }),
})
export type ImportBody = z.infer<typeof ImportBody>

/** What is wrong with the flow that was made, and what became of each part of the file. */
export const Imported = z.object({ findings: z.array(Finding), report: ImportReport })
