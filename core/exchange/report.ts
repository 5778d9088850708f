import * as z from "zod"
import { ExchangeFormat } from "./format.ts"

/** What became of a step: the same, the same with a change, kept without being able to run, or left out. */
export const Fidelity = z.enum(["exact", "changed", "opaque", "dropped"])
export type Fidelity = z.infer<typeof Fidelity>

export const ImportedNode = z
  .object({
    /** The node in the flow; none when it became part of another, or was left out. */
    id: z.string().optional(),
    /** What the file calls it, and of which kind it is there. */
    name: z.string(),
    kind: z.string(),
    /** The kind of node that it became. */
    becomes: z.string().optional(),
    fidelity: Fidelity,
    /** What is different here, or why it could not be taken over; nothing when it is the same. */
    notes: z.array(z.string()),
  })
  .meta({ id: "ImportedNode" })
export type ImportedNode = z.infer<typeof ImportedNode>

export const MissingCredential = z
  .object({
    name: z.string(),
    /** What kind of secret it is, in the words of the file. */
    kind: z.string(),
    /** The nodes that want it. */
    node_ids: z.array(z.string()),
  })
  .meta({ id: "MissingCredential" })
export type MissingCredential = z.infer<typeof MissingCredential>

/** What became of everything in a file; nothing in it is left out without a word. */
export const ImportReport = z
  .object({
    format: ExchangeFormat,
    /** The version that the file says it has. */
    format_version: z.string(),
    /** Ids of nodes by what became of them; of what was left out, the names. */
    exact: z.array(z.string()),
    changed: z.array(z.string()),
    opaque: z.array(z.string()),
    dropped: z.array(z.string()),
    nodes: z.array(ImportedNode),
    /** What is to be said of the whole. */
    notes: z.array(z.string()),
    missing_credentials: z.array(MissingCredential),
    /** How many secrets stood in the file; they are kept nowhere. */
    secrets_removed: z.int(),
  })
  .meta({ id: "ImportReport" })
export type ImportReport = z.infer<typeof ImportReport>

/** The report of what was written down node by node. */
export function reportOf(
  said: Pick<
    ImportReport,
    "format" | "format_version" | "nodes" | "notes" | "missing_credentials" | "secrets_removed"
  >,
): ImportReport {
  const ids = (fidelity: Fidelity): string[] =>
    said.nodes.flatMap((one) => (one.fidelity === fidelity && one.id !== undefined ? [one.id] : []))
  return {
    ...said,
    exact: ids("exact"),
    changed: [...new Set(ids("changed"))],
    opaque: ids("opaque"),
    dropped: said.nodes.flatMap((one) => (one.fidelity === "dropped" ? [one.name] : [])),
  }
}
