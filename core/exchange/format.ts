import * as z from "zod"

/** What a flow can be imported from. */
export const ExchangeFormat = z
  .enum(["edgecrew.flow", "openapi", "flowise", "dify", "n8n", "crewai"])
  .meta({ id: "ExchangeFormat" })
export type ExchangeFormat = z.infer<typeof ExchangeFormat>

/** Formats of others, of which the original is kept. */
export type ForeignFormat = Exclude<ExchangeFormat, "edgecrew.flow">
