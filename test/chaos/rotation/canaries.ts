import { randomBytes } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { databasesOf, textIn } from "../../e2e/kit/disk.ts"
import { commandOf } from "../../kit/processes.ts"
import type { Client } from "../kit/client.ts"

/** A secret that stands nowhere but where it was put. */
export const canary = (): string => `canary-${randomBytes(18).toString("hex")}`

/** The same in the forms in which a secret may turn up. */
const forms = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("base64url"),
  Buffer.from(secret).toString("hex"),
  secret.split("").toReversed().join(""),
]

/** Where any of the secrets is found: what was read, and which of them by number. */
export const found = (where: string, text: string, secrets: readonly string[]): string[] =>
  secrets.flatMap((secret, i) =>
    forms(secret).some((form) => text.includes(form)) ? [`canary ${i} in ${where}`] : [],
  )

/** Everything that a server has written: its databases by their rows, and each file of its state by its bytes. */
export function foundOnDisk(state: string, secrets: readonly string[]): string[] {
  const rows = databasesOf(state).flatMap((file) => found(file, textIn(file), secrets))
  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .flatMap((file) => found(file, readFileSync(file, "latin1"), secrets))
  return [...rows, ...files]
}

/** What anybody on this machine may read of every process: its command line. */
export const foundInCommands = (secrets: readonly string[]): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => found("a command line", commandOf(Number(pid)), secrets))

const lists = [
  "/llm-providers",
  "/credentials",
  "/model-aliases",
  "/model-health",
  "/tools",
  "/agents",
  "/flows",
  "/executions",
  "/traces/search",
  "/executions/export?format=ndjson",
  "/executions/export?format=csv",
]

/** Asks for everything that a tenant can be shown: lists, what stands in them, and exports. The client hears the answers. */
export async function readAll(
  client: Client,
  executions: readonly string[],
  flows: readonly string[],
): Promise<number> {
  let answers = 0
  const read = async (path: string): Promise<string> => {
    const { status, text } = await client.request("GET", path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text.slice(0, 300)}`)
    answers++
    return text
  }
  for (const path of lists) await read(path)
  for (const path of ["/llm-providers", "/credentials", "/tools"]) {
    const shown = (await read(`${path}?limit=100`)).match(/"id":"[a-z]+_[0-9A-Z]{26}"/g) ?? []
    const parts = path === "/tools" ? ["", "/versions", "/versions/1", "/invocations"] : [""]
    for (const id of shown) for (const part of parts) await read(`${path}/${id.slice(6, -1)}${part}`)
  }
  for (const id of flows) for (const what of ["", "/export", "/versions"]) await read(`/flows/${id}${what}`)
  for (const id of executions)
    for (const what of ["", "/events?limit=5000", "/spans", "/export"]) await read(`/executions/${id}${what}`)
  return answers
}
