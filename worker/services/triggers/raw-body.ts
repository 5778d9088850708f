import { Failure } from "#core/errors"

const usualMs = 15_000

type Bounds = { mostBytes: number; ms?: number | undefined }

/**
 * A request's bytes as they came, counted while they arrive: one that is too large or too slow is refused without being taken in.
 * The time is for the whole body, so that a byte now and then keeps nothing open.
 */
export async function readRaw(request: Request, { mostBytes, ms = usualMs }: Bounds): Promise<Uint8Array> {
  const tooLarge = () =>
    new Failure("request.too_large", { detail: `The request body may hold ${mostBytes} bytes at most.` })
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge()
  if (!request.body) return new Uint8Array()
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Failure("request.timeout")), ms)
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) return joined(chunks, bytes)
      bytes += value.byteLength
      if (bytes > mostBytes) throw tooLarge()
      chunks.push(value)
    }
  } catch (error) {
    // Not awaited: whoever sends slowly is not waited for at the end either.
    reader.cancel(error).catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
