import { resolveFields, resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { HttpData, mayRepeat, type HttpMethod } from "#core/flow/kinds/http"
import { asText, type Json, type JsonObject } from "#core/json"

/** A request with every expression resolved. The credentials are a reference; nobody here sees them. */
export type HttpStep = {
  method: HttpMethod
  url: string
  query: Record<string, string>
  headers: Record<string, string>
  body: Json | undefined
  credential_id: string | undefined
  /** Headers with secrets in them, which nobody here sees: they are filled in where the request leaves. */
  sealed?: { headers: Record<string, string>; secrets: Readonly<Record<string, string>> }
  /** Whether it may be sent again when it was in flight as the server stopped. */
  may_repeat: boolean
  shown: JsonObject
}

export async function httpStep(node: FlowNode, scope: Scope): Promise<HttpStep> {
  const data = HttpData.parse(node.data)
  const url = asText(await resolveTemplate(data.url, scope)).trim()
  const query = await texts(data.query, scope)
  const headers = await texts(data.headers, scope)
  const hasBody =
    data.body !== undefined && data.body !== "" && data.method !== "GET" && data.method !== "HEAD"
  const body = hasBody ? await resolveFields(data.body!, scope) : undefined
  return {
    method: data.method,
    url,
    query,
    headers,
    body,
    credential_id: data.credentials,
    may_repeat: mayRepeat(data),
    shown: {
      method: data.method,
      url,
      ...(data.query ? { query } : {}),
      ...(data.headers ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
    },
  }
}

async function texts(
  given: Record<string, string> | undefined,
  scope: Scope,
): Promise<Record<string, string>> {
  const made: Record<string, string> = {}
  for (const [name, text] of Object.entries(given ?? {})) {
    const value = await resolveTemplate(text, scope)
    if (value !== undefined && value !== null) made[name] = asText(value)
  }
  return made
}
