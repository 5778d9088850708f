import { describe, expect, it } from "vitest"
import { samplesOf, type Document } from "./requests.ts"

const operation = { security: [], parameters: [], responses: {} }
const text = { type: "string" }

const document: Document = {
  components: {
    schemas: {
      Name: { anyOf: [{ type: "object", required: ["first"], properties: { first: text, last: text } }] },
    },
  },
  paths: {
    "/api/v1/things/{flow_id}": {
      get: {
        ...operation,
        parameters: [
          { name: "flow_id", in: "path", schema: text },
          { name: "limit", in: "query", schema: { type: "integer" } },
          { name: "sort", in: "query", schema: { type: "string", default: "-name" } },
          { name: "status", in: "query", schema: { enum: ["one", "two"] } },
        ],
      },
      put: {
        ...operation,
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["name", "size", "tags"],
                properties: {
                  name: { $ref: "#/components/schemas/Name" },
                  size: { type: "integer", minimum: 7 },
                  tags: { type: "array" },
                  more: text,
                },
              },
            },
          },
        },
      },
      delete: operation,
    },
    "/api/v1/things/{thing_id}/stream": {
      get: { ...operation, responses: { 200: { content: { "text/event-stream": {} } } } },
    },
    "/api/v1/auth/logout": { post: operation },
  },
}

describe("the requests that an attacker begins with", () => {
  it("are one of each operation with all that it takes, and none that ends or deletes", () => {
    expect(samplesOf(document, { flow_id: "flow_1" }, "*")).toEqual([
      { method: "GET", path: "/api/v1/things/flow_1*?limit=1&sort=-name&status=one", body: undefined },
      {
        method: "PUT",
        path: "/api/v1/things/flow_1*",
        body: '{"name":{"first":"a"},"size":7,"tags":[]}',
      },
    ])
  })
})
