import type { IncomingMessage } from "node:http"
import type * as z from "zod"
import { parseJson } from "../depth.ts"
import { Problem } from "../problem.ts"

export const maxBodyBytes = 16_777_216

/** `stdin` may nest as deep as a result may; the request itself adds a few levels. */
const bodyDepth = 72

/** The body's bytes, at most 16 MiB. Throws a Problem; the rest of a larger one is not read. */
export function readBody(req: IncomingMessage): Promise<Buffer> {
  const tooLarge = (): Problem =>
    new Problem("body.too_large", `At most ${maxBodyBytes} bytes.`, { headers: { connection: "close" } })
  if (Number(req.headers["content-length"] ?? 0) > maxBodyBytes) return Promise.reject(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    req.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBodyBytes) {
        chunks.push(chunk)
        return
      }
      // Not destroyed: the refusal leaves by the same connection.
      req.pause().removeAllListeners("data")
      reject(tooLarge())
    })
    req.once("end", () => resolve(Buffer.concat(chunks)))
    req.once("error", () => reject(new Problem("request.malformed", "The body breaks off.")))
  })
}

/** A JSON text of strangers as its schema reads it. Throws a Problem that names every wrong field. */
export function parseBody<T>(schema: z.ZodType<T>, body: Buffer): T {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body)
  } catch {
    throw new Problem("request.malformed", "The body is not UTF-8.")
  }
  const json = parseJson(text, bodyDepth)
  if (!json.ok) throw new Problem("request.malformed", `The body cannot be read: ${json.error}.`)
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }))
  throw new Problem(
    "request.malformed",
    issues
      .map(({ path, message }) => `${path}: ${message}`)
      .join("; ")
      .slice(0, 2_000),
    { issues },
  )
}
