import { describe, expect, it } from "vitest"
import { exampleOf } from "./example.ts"
import { readReference, resolve, sayType, type Schema } from "./model.ts"
import { curlOf, missingOf, requestOf } from "./trial.ts"

const reference = readReference({
  openapi: "3.1.0",
  info: { title: "Edgecrew", version: "1" },
  paths: {
    "/api/v1/flows/{flow_id}/execute": {
      post: {
        operationId: "execute",
        tags: ["Executions"],
        summary: "Start an execution",
        security: [{ bearer: ["execution.start"] }],
        parameters: [
          { name: "flow_id", in: "path", required: true, schema: { type: "string" } },
          { name: "dry", in: "query", schema: { type: "boolean" } },
          { name: "Prefer", in: "header", schema: { type: "string" } },
        ],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Start" } } },
        },
        responses: {
          202: { description: "Begun", content: { "application/json": { schema: { type: "object" } } } },
          404: { $ref: "#/components/responses/Problem" },
          default: { $ref: "#/components/responses/Problem" },
        },
      },
    },
    "/api/v1/health": { get: { tags: ["System"], security: [], responses: {} } },
  },
  components: {
    schemas: {
      Start: {
        type: "object",
        required: ["inputs"],
        properties: { inputs: { type: "object" }, note: { type: "string" } },
      },
    },
    responses: { Problem: { description: "A refusal" } },
  },
  "x-failures": { "flow.not_found": { status: 404, retry: false, say: "This flow does not exist." } },
})
const execute = reference.groups[0]!.operations[0]!

describe("reading the document", () => {
  it("groups operations by noun and tells answers from refusals", () => {
    expect(reference.groups.map(({ tag }) => tag)).toEqual(["Executions", "System"])
    expect(execute.answers.map(({ status }) => status)).toEqual(["202"])
    expect(execute.refusals).toEqual(["404"])
  })

  it("says what a key needs, and what is open", () => {
    expect(execute.scopes).toEqual(["execution.start"])
    expect(execute.isOpen).toBe(false)
    expect(reference.groups[1]!.operations[0]!.isOpen).toBe(true)
  })

  it("refuses what is no OpenAPI document", () => {
    expect(() => readReference({ hello: "world" })).toThrow()
  })
})

describe("schemas", () => {
  it("are named in words", () => {
    expect(sayType({ type: "array", items: { $ref: "#/components/schemas/Flow" } })).toBe("Flow[]")
    expect(sayType({ anyOf: [{ type: "integer" }, { type: "null" }] })).toBe("integer or null")
    expect(sayType({ enum: ["a", "b"] })).toBe('"a" | "b"')
  })

  it("keep what stands beside a reference", () => {
    expect(resolve({ $ref: "#/components/schemas/Start", default: {} }, reference.schemas)).toMatchObject({
      type: "object",
      default: {},
    })
  })

  it("give an example of what is required, also when they contain themselves", () => {
    expect(exampleOf({ $ref: "#/components/schemas/Start" }, reference.schemas)).toEqual({ inputs: {} })
    const node: Schema = { type: "object", required: ["next"], properties: { next: { $ref: "#/x/Node" } } }
    expect(JSON.stringify(exampleOf(node, { Node: node }))).toContain("null")
  })
})

describe("trying an operation", () => {
  const trial = {
    values: { "path flow_id": "flow_1/../2", "query dry": "true", "header Prefer": "wait=30" },
    body: '{ "inputs": { "text": "it\'s" } }',
  }

  it("puts each parameter in its place, escaped", () => {
    expect(requestOf(execute, trial)).toEqual({
      path: "/api/v1/flows/flow_1%2F..%2F2/execute?dry=true",
      headers: { prefer: "wait=30" },
    })
  })

  it("says what is still needed", () => {
    expect(missingOf(execute, { values: {}, body: "" })).toEqual(["flow_id"])
    expect(missingOf(execute, trial)).toEqual([])
  })

  it("[A60] writes a shell command without a secret, whose quotes hold", () => {
    const curl = curlOf(execute, trial)
    expect(curl).toContain('-H "Authorization: Bearer $EDGECREW_KEY"')
    expect(curl).toContain(`-d '{"inputs":{"text":"it'\\''s"}}'`)
  })
})
