import { debuggingApi } from "#core/contract/debugging"
import { ExecutionId } from "#core/ids"
import { isJsonObject, type Json } from "#core/json"
import { saveFile } from "#web/ui/save-file.ts"
import { send } from "./call.ts"

/** A file that a program left behind, as the output of its step names it. */
export type Artifact = { path: string; size: number; url: string }

const address = /^\/api\/v1\/executions\/([^/]+)\/artifacts\/([\w-]{16})\/([\w-]{16})$/

/** The parts of an artefact's address; null where an output only looks as if it named one. */
function placeOf(url: string) {
  const [, id, step, file] = address.exec(url) ?? []
  const execution = ExecutionId.safeParse(id)
  return execution.success && step !== undefined && file !== undefined
    ? { execution_id: execution.data, step, file }
    : null
}

function artifactIn(value: Json): Artifact | null {
  if (!isJsonObject(value)) return null
  const { path, size, url } = value
  if (typeof path !== "string" || typeof size !== "number" || typeof url !== "string") return null
  return placeOf(url) ? { path, size, url } : null
}

/** Values of an output that are looked at: files are named near its top. */
const mostSeen = 5_000

/** The files that an output names anywhere within it, each once; an output may be one that an agent got as text. */
export function artifactsIn(value: Json | undefined): Artifact[] {
  const found = new Map<string, Artifact>()
  let level: Json[] = [asValue(value)]
  for (let seen = 0; level.length > 0 && seen < mostSeen; seen += level.length) {
    const next: Json[] = []
    for (const one of level.slice(0, mostSeen)) {
      const file = artifactIn(one)
      if (file) found.set(file.url, file)
      else if (typeof one === "object" && one !== null) next.push(...Object.values(one))
    }
    level = next
  }
  return [...found.values()]
}

/** Text is looked into where it can be an object that names files. */
function asValue(value: Json | undefined): Json {
  if (typeof value !== "string" || !value.startsWith("{") || !value.includes("/artifacts/"))
    return value ?? null
  try {
    return JSON.parse(value) as Json
  } catch {
    return null
  }
}

/** The last part of a path, as a file's name. */
export const fileNameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1) || "file"

/** From this size on a file goes to the disk as it comes, where the browser can. */
const streamedFrom = 16_777_216

type SaveTarget = { createWritable: () => Promise<WritableStream<Uint8Array>> }
type Picker = (options: { suggestedName: string }) => Promise<SaveTarget>

/** Asks where a large file goes; undefined where the browser cannot, or the file is small. */
async function targetFor({ path, size }: Artifact): Promise<SaveTarget | undefined> {
  const { showSaveFilePicker: pick } = window as typeof window & { showSaveFilePicker?: Picker }
  return size >= streamedFrom && pick ? pick({ suggestedName: fileNameOf(path) }) : undefined
}

/** Fetches a file with the access token, which a plain link cannot send, and saves it under its own name. */
export async function saveArtifact(file: Artifact): Promise<void> {
  const params = placeOf(file.url)
  if (!params) return
  // The browser asks only as long as the click is fresh.
  const target = await targetFor(file)
  const response = await send(debuggingApi.artifact, {
    params,
    headers: { accept: "application/octet-stream, application/problem+json" },
  })
  if (target && response.body) await response.body.pipeTo(await target.createWritable())
  else saveFile(await response.blob(), fileNameOf(file.path))
}
