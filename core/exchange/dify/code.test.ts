import { describe, expect, it } from "vitest"
import { app, end, executed, field, imported, start, told } from "#test/kit/dify"
import type { JsonObject } from "#core/json"
import { importDocument, type Installation } from "../import.ts"
import { readDocument } from "../read.ts"

const python = (code: string): JsonObject =>
  app(
    [
      start(field("text", "text-input")),
      {
        id: "count",
        type: "code",
        code_language: "python3",
        code,
        outputs: { words: { type: "number" } },
        variables: [{ variable: "said", value_selector: ["start", "text"] }],
      },
      end("end", ["words", "count", "words"]),
    ],
    [
      ["start", "count"],
      ["count", "end"],
    ],
  )

const counting = `import re

def main(said: str) -> dict:
    print("a line of its log")
    return {"words": len(re.findall(r"\\w+", said))}
`

/** The same file at a tenant who has, or may make, other tools. */
function importedWith(more: Partial<Installation>) {
  const read = readDocument(python(counting))
  if (!read.ok) throw new Error("unread")
  const here = { tool: () => undefined, model: () => undefined }
  const made = importDocument(read.document, "dify", { here, crew_id: "", ...more })
  if (!made.ok) throw new Error(JSON.stringify(made.faults))
  return made.imported
}

describe("code in Python", () => {
  it("becomes a tool beside the flow, which its step calls with its variables", async () => {
    const made = imported(python(counting))
    expect(made.tools).toMatchObject([
      {
        draft: {
          kind: "container",
          name: "app_count",
          input_schema: { properties: { said: {} } },
          execution_config: { runtime: "python", egress: [] },
        },
      },
    ])
    expect(told(made, "count")).toMatchObject({ fidelity: "changed", becomes: "tool" })
    expect(await executed(python(counting), { text: "one two three" })).toEqual({ words: 3 })
  })

  it("says which libraries it wants that Python alone does not have", () => {
    const code = `import json, requests as web\nfrom pandas.io import json as other\n${counting}`
    const notes = told(imported(python(code)), "count")?.notes ?? []
    expect(notes[1]).toBe("It imports what Python alone does not have: requests, pandas.")
    expect(told(imported(python(counting)), "count")?.notes).toHaveLength(1)
  })

  it("stays a placeholder without a main, and where no tools may be made", () => {
    expect(imported(python("x = 1")).report.opaque).toEqual(["count"])
    const { report, tools } = importedWith({})
    expect(report.opaque).toEqual(["count"])
    expect(tools).toBeUndefined()
  })

  it("gets a name that no other tool has", () => {
    const { tools } = importedWith({
      here: { tool: (name) => (name === "app_count" ? "builtin:time" : undefined), model: () => undefined },
      tool_id: () => "tool_01JD0000000000000000000000",
    })
    expect(tools?.[0]?.draft.name).toBe("app_count_2")
  })
})
