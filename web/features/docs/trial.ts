import { resume } from "#web/api/refresh.ts"
import { session } from "#web/state/session.ts"
import type { Operation } from "./model.ts"

/** What stands in the form: parameters by "in name", and the body as text. */
export type Trial = { values: Record<string, string>; body: string }

export type TrialAnswer = { status: number; statusText: string; ms: number; type: string; text: string }

export const fieldOf = (parameter: Operation["parameters"][number]): string =>
  `${parameter.in} ${parameter.name}`

/** The address and headers that the form describes. */
export function requestOf(
  operation: Operation,
  { values }: Trial,
): { path: string; headers: Record<string, string> } {
  let path = operation.path
  const search = new URLSearchParams()
  const headers: Record<string, string> = {}
  for (const parameter of operation.parameters) {
    const value = values[fieldOf(parameter)]?.trim() ?? ""
    if (value === "") continue
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    else if (parameter.in === "query") search.set(parameter.name, value)
    else if (parameter.in === "header") headers[parameter.name.toLowerCase()] = value
  }
  const asked = search.toString()
  return { path: asked ? `${path}?${asked}` : path, headers }
}

/** What is still needed before the request can be sent. */
export function missingOf(operation: Operation, trial: Trial): string[] {
  return operation.parameters
    .filter((parameter) => parameter.required && !trial.values[fieldOf(parameter)]?.trim())
    .map((parameter) => parameter.name)
}

/** The same request for a shell; the key comes from the environment, so that no secret lands in a history. */
export function curlOf(operation: Operation, trial: Trial): string {
  const { path, headers } = requestOf(operation, trial)
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  const lines = [`curl -X ${operation.method.toUpperCase()} ${quote(location.origin + path)}`]
  if (!operation.isOpen) lines.push('-H "Authorization: Bearer $EDGECREW_KEY"')
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quote(`${name}: ${value}`)}`)
  if (operation.body && trial.body.trim()) {
    lines.push("-H 'Content-Type: application/json'", `-d ${quote(compact(trial.body))}`)
  }
  return lines.join(" \\\n  ")
}

const compact = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

const mostText = 2_000_000

/** Sends it as the signed-in person, and takes whatever comes: a refusal is an answer too. */
export async function sendTrial(
  operation: Operation,
  trial: Trial,
  signal: AbortSignal,
): Promise<TrialAnswer> {
  if (!operation.isOpen && session.token === null) await resume()
  const { path, headers } = requestOf(operation, trial)
  const withBody = operation.body !== undefined && trial.body.trim() !== ""
  const started = performance.now()
  const response = await fetch(path, {
    method: operation.method.toUpperCase(),
    headers: {
      ...headers,
      ...(withBody ? { "content-type": "application/json" } : {}),
      ...(operation.isOpen || !session.token ? {} : { authorization: `Bearer ${session.token}` }),
    },
    body: withBody ? trial.body : null,
    signal,
  })
  const text = (await response.text()).slice(0, mostText)
  const type = response.headers.get("content-type") ?? ""
  return {
    status: response.status,
    statusText: response.statusText,
    ms: performance.now() - started,
    type,
    text,
  }
}
