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
