import type { z } from "zod"
import { capabilities } from "#core/access/capabilities"
import { allEndpoints } from "#core/contract/all"
import { apiBase, type Endpoint } from "#core/contract/endpoint"
import { Problem } from "#core/contract/problem"
import { failures } from "#core/errors"
import { Components, type Doc } from "./openapi-schemas.ts"

const json = "application/json"
const problem = { $ref: "#/components/responses/Problem" }

const pathOf = ({ path }: Endpoint): string => apiBase + path.replace(/:(\w+)/g, "{$1}")

/** `GET /flows/:flow_id/versions` is `getFlowsByFlowIdVersions`. */
const operationId = ({ method, path }: Endpoint): string =>
  method.toLowerCase() +
  path
    .replace(/:/g, "by_")
    .replace(/\.json$/, "")
    .split(/[/_-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")

const isWrite = ({ method }: Endpoint): boolean => method !== "GET"

function parametersOf(endpoint: Endpoint, components: Components): Doc[] {
  const shaped = (place: "path" | "query", shape: z.ZodObject | undefined) =>
    Object.entries(shape?.shape ?? {}).map(([name, field]) => ({
      name,
      in: place,
      required: place === "path" || !(field as z.ZodType).safeParse(undefined).success,
      schema: components.of(field as z.ZodType, "input"),
    }))
  const headers = {
    ...(isWrite(endpoint) && endpoint.needs !== "public" ? idempotencyKey : {}),
    ...endpoint.headers,
  }
  return [
    ...shaped("path", endpoint.params),
    ...shaped("query", endpoint.query),
    ...Object.entries(headers).map(([name, description]) => ({
      name,
      in: "header",
      description,
      schema: { type: "string" },
    })),
  ]
}

const idempotencyKey = {
  "Idempotency-Key": "The same key and request have one effect, and the same answer for 24 hours",
}

function responsesOf(endpoint: Endpoint, components: Components): Doc {
  const { reply, raw, status = reply ? 200 : 204 } = endpoint
  const also = Object.entries(endpoint.also ?? {}).map(([code, { description, schema, type }]) => [
    code,
    {
      description,
      ...(schema || type
        ? {
            content: {
              ...(schema ? { [json]: { schema: components.of(schema, "output") } } : {}),
              ...(type ? { [type]: { schema: { type: "string" } } } : {}),
            },
          }
        : {}),
    },
  ])
  const usual = reply
    ? { description: endpoint.summary, content: { [json]: { schema: components.of(reply, "output") } } }
    : { description: raw ? endpoint.summary : "Done" }
  return {
    ...(raw && !reply ? {} : { [status]: usual }),
    ...Object.fromEntries(also),
    ...Object.fromEntries(refusalsOf(endpoint).map((code) => [code, problem])),
    default: problem,
  }
}

/** The refusals that a route's own shape makes possible; others come under `default`. */
function refusalsOf(endpoint: Endpoint): number[] {
  const { needs, params, query, body, headers } = endpoint
  return [
    ...(query || body ? [400] : []),
    ...(needs === "public" ? [] : [401, 403]),
    ...(params ? [404] : []),
    ...(headers && "If-Match" in headers ? [412] : []),
    ...(body ? [413, 415] : []),
  ]
}

/** Who may call: a bearer of the capability, and where a browser cannot send headers, whoever holds a ticket. */
function securityOf({ needs, raw, method }: Endpoint): Doc[] {
  if (needs === "public") return []
  const bearer = { bearer: needs in capabilities ? [needs] : [] }
  return raw && method === "GET" ? [bearer, { ticket: [] }] : [bearer]
}

function operationOf(endpoint: Endpoint, components: Components): Doc {
  const { body, summary, description, tag } = endpoint
  const isOptional = body?.safeParse(undefined).success ?? false
  return {
    operationId: operationId(endpoint),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(endpoint),
    parameters: parametersOf(endpoint, components),
    ...(body
      ? {
          requestBody: {
            required: !isOptional,
            content: { [json]: { schema: components.of(body, "input") } },
          },
        }
      : {}),
    responses: responsesOf(endpoint, components),
  }
}

function build(): Doc {
  const components = new Components()
  const paths: Record<string, Doc> = {}
  for (const endpoint of allEndpoints) {
    const path = pathOf(endpoint)
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, components) }
  }
  const problemSchema = components.of(Problem, "output")
  const { document, schemas } = components.resolve({ paths, problemSchema })
  return {
    openapi: "3.1.0",
    info: {
      title: "Edgecrew",
      version: "1",
      description:
        "Flows that run at the edge. Every refusal is `application/problem+json` (RFC 9457) with a stable `code`; `x-failures` lists them all.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(allEndpoints.map((one) => one.tag))].map((name) => ({ name })),
    paths: document["paths"],
    components: {
      schemas,
      responses: {
        Problem: {
          description: "A refusal or a failure",
          content: { "application/problem+json": { schema: document["problemSchema"] } },
        },
      },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description:
            "An access token of a signed-in person, or an API key (`eck_…`). The names listed are the capabilities needed.",
        },
        ticket: {
          type: "apiKey",
          in: "query",
          name: "ticket",
          description: "A ticket of `POST /tickets`: for this address alone, once, within 60 s.",
        },
      },
    },
    "x-capabilities": capabilities,
    "x-failures": failures,
  }
}

let document: Doc | undefined

/** The reference, generated from the contracts that also check every request. */
export const openapi = (): Doc => (document ??= build())
