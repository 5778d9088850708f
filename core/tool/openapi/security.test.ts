import { describe, expect, it } from "vitest"
import { CredentialId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { toolFaults } from "../validate.ts"
import { readOpenApi } from "./document.ts"
import { withCredentials } from "./grant.ts"
import { operationsOf } from "./operations.ts"
import { schemesOf } from "./security.ts"

const base = { openapi: "3.1.0", info: {}, servers: [{ url: "https://api.example.com/v1" }] }

const read = (given: JsonObject) => {
  const result = readOpenApi(given)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.document
}

describe("what an API asks for", () => {
  const securitySchemes = {
    token: { type: "http", scheme: "Bearer" },
    pair: { type: "http", scheme: "basic" },
    key: { type: "apiKey", in: "header", name: "X-Key", description: "From the shop" },
    part: { type: "apiKey", in: "query", name: "key" },
    cookie: { type: "apiKey", in: "cookie", name: "sid" },
    flow: { type: "oauth2", flows: {} },
    digest: { type: "http", scheme: "digest" },
    gone: { $ref: "#/components/securitySchemes/none" },
  }
  const more = { components: { securitySchemes }, security: [{ token: [] }] }
  const document = read({ ...base, ...more, paths: {} })

  it("is said as credentials of ours", () => {
    expect(schemesOf(document).map(({ scheme, kind, name }) => [scheme, kind, name])).toEqual([
      ["token", "bearer", undefined],
      ["pair", "basic", undefined],
      ["key", "header", "X-Key"],
      ["part", "query", "key"],
      ["cookie", undefined, "sid"],
      ["flow", "bearer", undefined],
      ["digest", undefined, undefined],
      ["gone", undefined, undefined],
    ])
  })

  it("is the operation's own, else the document's, and granted when all of it is given", () => {
    const [a, b] = ["0", "1"].map((last) => CredentialId.parse(`cred_01JD000000000000000000000${last}`)) as [
      CredentialId,
      CredentialId,
    ]
    const granted = (security: JsonObject[string] | undefined, given: Record<string, CredentialId>) => {
      const get = security === undefined ? {} : { security }
      const [operation] = operationsOf(read({ ...base, ...more, paths: { "/a": { get } } }), {})
      const draft = withCredentials(operation!.draft!, operation!.security, schemesOf(document), given)
      expect(toolFaults(draft)).toEqual([])
      const { credential_id, headers } = draft.execution_config
      return [credential_id, headers, draft.credentials]
    }
    expect(granted(undefined, { token: a })).toEqual([a, {}, undefined])
    expect(granted(undefined, {})).toEqual([undefined, {}, undefined])
    expect(granted([], { token: a })).toEqual([undefined, {}, undefined])
    expect(granted([{ key: [], part: [] }, { token: [] }], { key: a, token: b })).toEqual([b, {}, undefined])
    expect(granted([{ key: [], part: [] }], { key: a, part: b })).toEqual([
      b,
      { "X-Key": "{{ credentials.scheme_2 }}" },
      { scheme_2: a },
    ])
    expect(granted([{ cookie: [] }], { cookie: a })).toEqual([undefined, {}, undefined])
  })
})
