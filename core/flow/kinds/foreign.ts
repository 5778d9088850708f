import * as z from "zod"
import { JsonValue } from "#core/flow/graph"
import { entriesOf, firstLine, out, type Handle, type Kind } from "./kind.ts"

/** What products are called whose steps a flow may hold. */
export const foreignNames = {
  n8n: "n8n",
  dify: "Dify",
  flowise: "Flowise",
  openapi: "OpenAPI",
  crewai: "CrewAI",
} as const

export const ForeignData = z.strictObject({
  /** Where it comes from. */
  format: z.enum(["n8n", "dify", "flowise", "openapi", "crewai"]).meta({ title: "From" }),
  /** What it is called there. */
  kind: z.string().max(200).meta({ title: "Kind" }),
  /** Why it cannot be executed here. */
  why: z.string().max(2_000).default("").meta({ title: "Why it cannot run" }),
  /** Its routes there; `out` when it names none. */
  routes: z
    .array(z.strictObject({ id: z.string().min(1).max(64), label: z.string().max(200) }))
    .max(200)
    .optional(),
  /** The step as its file had it, without its secrets. */
  original: JsonValue.default(null).meta({ title: "Original" }),
})
export type ForeignData = z.infer<typeof ForeignData>

/** A step of another product that has no counterpart here: it is shown and kept, and never executed. */
export const foreign: Kind = {
  type: "foreign",
  title: "Imported step",
  summary: "A step of another product, kept as it was; it cannot run here",
  family: "control",
  icon: "puzzle",
  act: "none",
  data: ForeignData,
  takesInput: true,
  handles: (data) => {
    const routes = entriesOf<Handle>(data, "routes").flatMap(({ id, label }) =>
      typeof id === "string" ? [{ id, label: typeof label === "string" ? label : id }] : [],
    )
    return routes.length > 0 ? routes : [out]
  },
  expressions: () => [],
  substance: (data) => firstLine(data["kind"]) || "Unknown",
}
