import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { FlowGraph } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import type { ForeignFormat } from "./format.ts"
import { importDocument, type Imported, type Installation } from "./import.ts"
import { formatOf, readDocument } from "./read.ts"

const folder = join(import.meta.dirname, "../../test/fixtures/exchange")
const installation: Installation = {
  here: { tool: () => undefined, model: () => undefined },
  crew_id: "crew_01JD0000000000000000000000",
}

const files = readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? readdirSync(join(folder, one.name)).map((file) => `${one.name}/${file}`) : [],
)

function imported(file: string): { made: Imported; text: string } {
  const text = readFileSync(join(folder, file), "utf8")
  const read = readDocument(text)
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  const made = importDocument(read.document, formatOf(read.document.value) as ForeignFormat, installation)
  if (!made.ok) throw new Error(JSON.stringify(made.faults))
  return { made: made.imported, text }
}

describe.each(files)("%s", (file) => {
  const { made, text } = imported(file)
  const { report, nodes, edges, input_schema } = made

  it("is told by its marks", () => {
    expect(report.format).toBe(file.split("/")[0])
  })

  it("is a flow that can be kept", () => {
    expect(FlowGraph.safeParse({ nodes, edges, input_schema }).error).toBeUndefined()
    expect(nodes.filter((node) => node.type === "input")).toHaveLength(1)
  })

  it("says what became of every node, and keeps what cannot run with its original", () => {
    const told = new Map(report.nodes.filter((one) => one.id !== undefined).map((one) => [one.id, one]))
    for (const node of nodes.filter((one) => one.type === "foreign")) {
      expect(told.get(node.id)?.fidelity).toBe("opaque")
      expect(node.data["original"]).toBeTruthy()
      expect(node.data["why"]).not.toBe("")
    }
    for (const one of report.nodes) {
      if (one.fidelity !== "dropped" && one.id !== undefined)
        expect(nodes.map((node) => node.id)).toContain(one.id)
      if (one.fidelity !== "exact") expect(one.notes.join("")).not.toBe("")
    }
  })

  it("has no errors but at placeholders, and where a person is told to fill something in", () => {
    const findings = validateFlow({ nodes, edges, ...(input_schema ? { input_schema } : {}) })
    const opaque = new Set(report.opaque)
    const changed = new Set(report.changed)
    for (const one of findings.filter((finding) => finding.severity === "error")) {
      const isTold = one.code === "node.data" && changed.has(one.node_id ?? "")
      if (!isTold)
        expect({ ...one, isPlaceholder: opaque.has(one.node_id ?? "") }).toMatchObject({
          code: "node.foreign",
          isPlaceholder: true,
        })
    }
    expect(findings.filter((one) => one.code === "node.foreign").map((one) => one.node_id)).toEqual(
      nodes.filter((node) => node.type === "foreign").map((node) => node.id),
    )
  })

  it("comes back to the byte, but for its secrets", () => {
    if (report.secrets_removed === 0) expect(made.original).toBe(text)
    else expect(made.original).toContain("(removed)")
    const again = readDocument(made.original)
    const second = again.ok
      ? importDocument(again.document, report.format as ForeignFormat, installation)
      : again
    if (!second.ok) throw new Error(JSON.stringify(second.faults))
    expect(second.imported.nodes).toEqual(nodes)
    expect(second.imported.edges).toEqual(edges)
    expect(second.imported.report.secrets_removed).toBe(0)
  })
})

describe("every node of a file", () => {
  it.each(files.filter((file) => file.startsWith("n8n/") || file.startsWith("flowise/")))(
    "of %s stands in the report",
    (file) => {
      const { made, text } = imported(file)
      const said = JSON.parse(text) as {
        nodes: { name?: string; data?: { label?: string; name?: string } }[]
      }
      const told = made.report.nodes.filter((one) => one.fidelity !== "dropped")
      expect(told).toHaveLength(said.nodes.length)
    },
  )
})
