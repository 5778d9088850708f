import type { JsonObject } from "#core/json"

/** The API of a shop: one operation that looks, one that changes, one that no tool can call. */
export const shopDocument = (server = "https://api.example.com/v1"): JsonObject => ({
  openapi: "3.1.0",
  info: { title: "Shop", version: "1.2.0" },
  servers: [{ url: server }],
  security: [{ token: [] }],
  paths: {
    "/orders/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", maxLength: 20 } }],
      get: {
        operationId: "getOrder",
        tags: ["orders", 7],
        summary: "Looks up an order",
        parameters: [
          {
            name: "fields",
            in: "query",
            explode: false,
            schema: { type: "array", items: { type: "string" } },
          },
        ],
        responses: { 200: { description: "The order" } },
      },
      put: {
        operationId: "putOrder",
        summary: "Changes an order",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
        },
        responses: { 200: { description: "The order" } },
      },
    },
    "/pictures": {
      post: {
        operationId: "addPicture",
        requestBody: { required: true, content: { "image/png": {} } },
        responses: { 201: { description: "Kept" } },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: {
      Order: {
        type: "object",
        required: ["note"],
        properties: {
          note: { type: "string" },
          lines: { type: "array", items: { $ref: "#/components/schemas/Order" } },
        },
      },
    },
  },
})

const nouns = ["orders", "customers", "products", "invoices", "refunds", "carts", "coupons", "carriers"]

/**
 * The API of a large company, as long as a test wants it: `count` operations under headings, a third of them sealed by a second
 * scheme, every fiftieth with a body that no tool can send.
 */
export function largeDocument(count: number, server = "https://api.example.com"): JsonObject {
  const paths: JsonObject = {}
  for (let i = 0; i < count; i++) {
    const noun = nouns[i % nouns.length]!
    const number = Math.floor(i / nouns.length)
    const path = `/v2/${noun}/{id}/parts-${number}`
    const isBroken = i % 50 === 49
    paths[path] = {
      [isBroken ? "post" : i % 7 === 6 ? "delete" : "get"]: {
        operationId: `${noun}Part${number}`,
        tags: [noun],
        summary: `Part ${number} of one of the ${noun}`,
        ...(i % 3 === 0 ? { security: [{ oauth: ["read"] }] } : {}),
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        ...(isBroken ? { requestBody: { required: true, content: { "image/png": {} } } } : {}),
        responses: { 200: { description: "The part" } },
      },
    }
  }
  return {
    openapi: "3.0.3",
    info: { title: "Company", version: "2026-11" },
    servers: [{ url: server }, { url: "https://sandbox.example.com" }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "apiKey",
          in: "header",
          name: "X-Company-Key",
          description: "From your account's page",
        },
        oauth: { type: "oauth2", flows: {} },
        device: { type: "mutualTLS" },
      },
    },
  }
}
