import { secretsIn } from "#core/tool/secrets"
import type { Deed } from "./deed.ts"

/** A request as far as it says with what it is sent. */
type Sent = {
  credential_id?: string | undefined
  sealed?:
    | { headers: Readonly<Record<string, string>>; secrets: Readonly<Record<string, string>> }
    | undefined
}

/** The credentials that a request is sent with, each once: its own, and those that its headers name. */
export const credentialsSent = ({ credential_id, sealed }: Sent): string[] => [
  ...new Set([
    ...(credential_id === undefined ? [] : [credential_id]),
    ...(sealed ? named(sealed.headers, sealed.secrets) : []),
  ]),
]

/** The credentials that a call of a tool is made with, each once. */
export function credentialsIn(deed: Deed): string[] {
  switch (deed.is) {
    case "http":
      return credentialsSent(deed.request)
    case "mcp":
      return credentialsSent(deed.call)
    case "program":
      return deed.program.kind === "container" ? named(deed.program.env, deed.program.credentials) : []
    case "builtin":
      return []
    default:
      return deed satisfies never
  }
}

/** What stands behind the names in some texts; a name that stands for nothing fails where it is filled in. */
const named = (
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string[] => [
  ...new Set(
    Object.values(texts)
      .flatMap(secretsIn)
      .flatMap((name) => (Object.hasOwn(secrets, name) ? [secrets[name]!] : [])),
  ),
]
