import type { ImportedCrew } from "#core/crew/crewai-import"
import type { Surroundings } from "#core/crew/crewai-reader"
import type { InputFault } from "#core/errors"
import { MOST_IN_A_FLOW } from "#core/flow/expression/limits"
import { mostEdges, mostNodes, type FlowEdge, type FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { importCrewFlow } from "./crewai/import.ts"
import { importDify } from "./dify/import.ts"
import type { Drawn, ImportedTool } from "./drawn.ts"
import { importFlowise } from "./flowise/import.ts"
import type { ForeignFormat } from "./format.ts"
import { importN8n } from "./n8n/import.ts"
import { importOpenApiFlow } from "./openapi/import.ts"
import { mostText, refusal, tooLong, type Document } from "./read.ts"
import { reportOf, type ImportReport } from "./report.ts"
import { mostSecrets, withoutSecrets } from "./secrets.ts"

/** A file of another product as a flow of ours: what is drawn, what became of each part, and the file without its secrets. */
export type Imported = {
  name: string
  description: string
  nodes: FlowNode[]
  edges: FlowEdge[]
  input_schema?: JsonObject
  report: ImportReport
  /** What is kept beside the flow; to the byte the file that was sent, when no secret stood in it. */
  original: string
  /** A crew that is to be made beside the flow, and tools that its steps call. */
  crew?: ImportedCrew
  tools?: ImportedTool[]
}

type Result = { ok: true; imported: Imported } | { ok: false; faults: InputFault[] }

export type Installation = {
  here: Surroundings
  /** The id that a crew gets which is made beside the flow. */
  crew_id: string
  /** The id that a tool gets which is made for a node; without one, what would need it is kept without being able to run. */
  tool_id?: (node_id: string) => string | undefined
}

/** Reads a document of a format. Pure: nothing is made, and the same document gives the same flow. */
export function importDocument(given: Document, format: ForeignFormat, installation: Installation): Result {
  if (given.text.length > mostText) return tooLong(mostText)
  if (given.text.split("{{").length > MOST_IN_A_FLOW)
    return refusal(
      `A flow holds at most ${MOST_IN_A_FLOW.toLocaleString("en")} expressions; this file has more.`,
    )
  const clean = withoutSecrets(given)
  if (!clean) return refusal(`The file holds more than ${mostSecrets} secrets: take them out first.`)
  const { document, secrets } = clean
  const tooMany = sizeFault(document.value)
  if (tooMany !== undefined) return refusal(tooMany)
  const drawn = draw(document.value, format, installation)
  if (!drawn.ok) return drawn
  const { drawing } = drawn
  if (drawing.fault !== undefined) return refusal(drawing.fault)
  const removed = new Set(secrets.map((one) => one.value)).size
  if (removed > 0)
    drawing.notes.push(
      `${removed === 1 ? "A secret" : `${removed} secrets`} stood in the file (${[...new Set(secrets.map((one) => one.name || one.path))].slice(0, 5).join(", ").slice(0, 200)}) and ${removed === 1 ? "was" : "were"} not kept, not even in the original.`,
    )
  return {
    ok: true,
    imported: {
      name: drawn.name.slice(0, 200) || "Imported flow",
      description: (drawn.description ?? "").slice(0, 4_000),
      nodes: drawing.nodes,
      edges: drawing.edges,
      ...(drawn.input_schema === undefined ? {} : { input_schema: drawn.input_schema }),
      report: reportOf({
        format,
        format_version: drawn.version.slice(0, 60),
        nodes: drawing.report,
        notes: drawing.notes,
        missing_credentials: drawing.missingCredentials,
        secrets_removed: removed,
      }),
      original: document.text,
      ...(drawn.crew ? { crew: drawn.crew } : {}),
      ...(drawn.tools && drawn.tools.length > 0 ? { tools: drawn.tools } : {}),
    },
  }
}

function draw(
  value: JsonObject,
  format: ForeignFormat,
  { here, crew_id, tool_id }: Installation,
): Drawn & { crew?: ImportedCrew } {
  switch (format) {
    case "n8n":
      return importN8n(value)
    case "dify":
      return importDify(value, tool_id && { id: tool_id, isTaken: (name) => here.tool(name) !== undefined })
    case "flowise":
      return importFlowise(value)
    case "openapi":
      return importOpenApiFlow(value)
    default:
      return importCrewFlow(value, here, crew_id)
  }
}

/** Refused before anything looks at it: every list of steps and routes that could be a flow's. */
function sizeFault(value: JsonObject): string | undefined {
  const graph = value["workflow"] as JsonObject | undefined
  for (const from of [value, (graph?.["graph"] ?? {}) as JsonObject]) {
    const [nodes, edges] = [from["nodes"], from["edges"]]
    const count = [Array.isArray(nodes) ? nodes.length : 0, Array.isArray(edges) ? edges.length : 0] as const
    if (count[0] > mostNodes || count[1] > mostEdges)
      return `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; this file has ${count[0]} and ${count[1]}.`
  }
  return undefined
}
