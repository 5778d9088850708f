import { ProgramFailure, type ContainerProgram } from "#core/tool/program"
import { hostMatches } from "#worker/egress/check"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import { withSecrets, secretsIn } from "#core/tool/secrets"

type Filled = { program: ContainerProgram; secrets: string[] }

/**
 * Puts the secrets into a program's environment. A program that is given one can send it to every host that it reaches, so each of
 * these must be among the hosts that the credential was given for.
 */
export async function withCredentials(
  program: ContainerProgram,
  resolve: (id: string) => Promise<ResolvedCredential | undefined>,
): Promise<Filled> {
  const named = [...new Set(Object.values(program.env).flatMap(secretsIn))]
  const values: Record<string, string> = {}
  for (const name of named) {
    const id = Object.hasOwn(program.credentials, name) ? program.credentials[name] : undefined
    const found = id === undefined ? undefined : await resolve(id)
    if (!found)
      throw new ProgramFailure(
        "tool.credential_missing",
        `The tool's credential ${name} does not exist, or is turned off.`,
      )
    assertHosts(found, program.egress)
    values[name] = found.secret
  }
  const env = Object.fromEntries(
    Object.entries(program.env).map(([name, text]) => [name, withSecrets(text, values)]),
  )
  return { program: { ...program, env }, secrets: Object.values(values) }
}

function assertHosts({ name, allowed_hosts }: ResolvedCredential, egress: readonly string[]): void {
  const stranger = egress.find((host) => !hostMatches(new URL(`https://${host}`), allowed_hosts))
  if (stranger !== undefined)
    throw new ProgramFailure(
      "tool.credential_host",
      `The program may reach ${stranger}, which is not among the hosts of the credential “${name}”.`,
    )
}
