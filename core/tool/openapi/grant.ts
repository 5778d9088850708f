import type { CredentialId } from "#core/ids"
import type { ToolDraft } from "../tool.ts"
import type { WantedCredential } from "./security.ts"

type OpenApiDraft = Extract<ToolDraft, { kind: "openapi" }>

/**
 * The draft with the credentials of one of the alternatives that its operation asks for: the first for which all are given. One is
 * the credential of the request, further ones stand in its headers.
 */
export function withCredentials(
  draft: OpenApiDraft,
  security: readonly string[][],
  schemes: readonly WantedCredential[],
  given: Readonly<Record<string, CredentialId>>,
): OpenApiDraft {
  const known = new Map(schemes.map((one) => [one.scheme, one]))
  const sendable = (scheme: string): boolean =>
    Object.hasOwn(given, scheme) && known.get(scheme)?.kind !== undefined
  const chosen = security.find((all) => all.length > 0 && all.every(sendable)) ?? []
  // What cannot stand in a header is the request's own.
  const wanted = [...chosen].sort((a, b) => Number(inHeader(known.get(a))) - Number(inHeader(known.get(b))))
  const [first, ...rest] = wanted
  if (first === undefined) return draft
  const config = { ...draft.execution_config, headers: { ...draft.execution_config.headers } }
  const credentials: Record<string, CredentialId> = {}
  for (const [i, scheme] of rest.entries()) {
    const { kind, name } = known.get(scheme)!
    const secret = `scheme_${i + 2}`
    if (kind !== "bearer" && kind !== "header") continue
    credentials[secret] = given[scheme]!
    config.headers[kind === "bearer" ? "authorization" : name!] =
      `${kind === "bearer" ? "Bearer " : ""}{{ credentials.${secret} }}`
  }
  return {
    ...draft,
    ...(Object.keys(credentials).length > 0 ? { credentials } : {}),
    execution_config: { ...config, credential_id: given[first]! },
  }
}

const inHeader = (one: WantedCredential | undefined): boolean =>
  one?.kind === "header" || one?.kind === "bearer"
