import { EgressRefused } from "./refused.ts"

/** The same response, cut when it grows over `most` bytes; `done` is called once, when the body ends in whatever way. */
export function cappedBody(response: Response, most: number, done: () => void): Response {
  const tooLarge = () => new EgressRefused("too_large", `The answer is larger than ${most} bytes.`)
  const { body } = response
  if (Number(response.headers.get("content-length") ?? 0) > most) {
    void body?.cancel().catch(() => {})
    throw tooLarge()
  }
  if (!body) {
    done()
    return response
  }
  const reader = body.getReader()
  let read = 0
  const capped = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read()
        if (ended) {
          done()
          controller.close()
          return
        }
        read += value.byteLength
        if (read > most) throw tooLarge()
        controller.enqueue(value)
      } catch (error) {
        done()
        void reader.cancel(error).catch(() => {})
        controller.error(error)
      }
    },
    async cancel(reason) {
      done()
      await reader.cancel(reason)
    },
  })
  return new Response(capped, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  })
}
