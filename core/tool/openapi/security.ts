import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { resolved, type OpenApiDocument } from "./document.ts"

/** A secret that an API asks for, as a credential of ours would hold it. */
export type WantedCredential = {
  scheme: string
  /** Undefined where no credential of ours can be sent so. */
  kind: "bearer" | "basic" | "header" | "query" | undefined
  /** The header's or the parameter's name. */
  name: string | undefined
  description: string
}

/** The schemes of a document, by name. */
export function schemesOf(document: OpenApiDocument): WantedCredential[] {
  const components = document.root["components"]
  const schemes = isJsonObject(components) ? components["securitySchemes"] : undefined
  if (!isJsonObject(schemes)) return []
  return Object.entries(schemes)
    .slice(0, 100)
    .map(([name, one]) => {
      const found = resolved(document, one, `#/components/securitySchemes/${name}`)
      return wanted(name, found.ok && isJsonObject(found.value) ? found.value : {})
    })
}

function wanted(scheme: string, said: JsonObject): WantedCredential {
  const description = typeof said["description"] === "string" ? said["description"].slice(0, 500) : ""
  const as = (kind: WantedCredential["kind"], name?: string): WantedCredential => ({
    scheme,
    kind,
    name,
    description,
  })
  const name = typeof said["name"] === "string" ? said["name"] : ""
  switch (said["type"]) {
    case "http": {
      const how = asText(said["scheme"] ?? "").toLowerCase()
      return as(how === "bearer" || how === "basic" ? how : undefined)
    }
    // A token that was obtained elsewhere is sent as a bearer token.
    case "oauth2":
    case "openIdConnect":
      return as("bearer")
    case "apiKey":
      if (said["in"] === "header" && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return as("header", name)
      if (said["in"] === "query" && /^[\w.~-]{1,100}$/.test(name)) return as("query", name)
      return as(undefined, name)
    default:
      return as(undefined)
  }
}

/** Alternatives of what an operation asks for: each is the names of schemes that go together; an empty one asks for nothing. */
export function requirementsOf(operation: JsonObject, root: JsonObject): string[][] {
  const said: Json | undefined = operation["security"] ?? root["security"]
  if (!Array.isArray(said)) return []
  return said.filter(isJsonObject).map((one) => Object.keys(one))
}
