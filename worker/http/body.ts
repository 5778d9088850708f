import { Failure } from "#core/errors"
import { readJson } from "#core/strict-json"

const usualBytes = 1_048_576

/** The text of a request's body, counted while it is read; undefined when there is none. */
async function bodyText(request: Request, mostBytes: number): Promise<string | undefined> {
  const tooLarge = () =>
    new Failure("request.too_large", { detail: `The request body may hold ${mostBytes} bytes at most.` })
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge()
  if (!request.body) return undefined
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false })
  let text = ""
  let bytes = 0
  try {
    // What is left of a body that is too large is not cancelled but drained, so that its sender hears why.
    const chunks = (request.body as ReadableStream<Uint8Array>).values({ preventCancel: true })
    for await (const chunk of chunks) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) throw tooLarge()
      text += decoder.decode(chunk, { stream: true })
    }
    text += decoder.decode()
  } catch (error) {
    if (error instanceof TypeError)
      throw new Failure("request.malformed", { detail: "The request body is not UTF-8." })
    throw error
  }
  return text === "" ? undefined : text
}

const isJson = (type: string | null): boolean =>
  /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? "")

export type Body = { text: string; value: unknown }

/** A request's JSON body, or undefined when it sends none. */
export async function readBody(request: Request, mostBytes = usualBytes): Promise<Body | undefined> {
  const text = await bodyText(request, mostBytes)
  if (text === undefined) return undefined
  if (!isJson(request.headers.get("content-type")) || request.headers.has("content-encoding")) {
    throw new Failure("request.unsupported_type")
  }
  const read = readJson(text)
  if (read.ok) return { text, value: read.value }
  throw "fault" in read
    ? new Failure("request.invalid", { errors: [read.fault] })
    : new Failure("request.malformed")
}

const mostDrained = 8_388_608
const mostDrainMs = 1_000

/**
 * Takes in what a refused request still sends, up to bounds: a connection that is closed under a sender shows it a broken pipe in
 * place of the answer that says why. Who sends slowly, or nothing more, is not waited for.
 */
export async function drain(request: Request): Promise<void> {
  if (!request.body || request.body.locked) return
  if (Number(request.headers.get("content-length") ?? 0) > mostDrained) return
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), mostDrainMs)
  try {
    for (let bytes = 0; bytes <= mostDrained;) {
      const piece = await Promise.race([reader.read(), late])
      if (!piece || piece.done) break
      bytes += piece.value.byteLength
    }
  } finally {
    clearTimeout(timer)
    // Not awaited: it would wait for the sender, too.
    reader.cancel().catch(() => {})
  }
}
