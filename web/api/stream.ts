import type { Endpoint } from "#core/contract/endpoint"
import { send, type CallInput } from "./call.ts"
import { readServerEvents, type ServerEvent } from "./sse.ts"

type StreamInput<E extends Endpoint> = CallInput<E> & {
  /** Goes on after this event. */
  after?: number | undefined
}

/**
 * One connection to a stream of server-sent events, with the access token in a header. It ends when the server closes it and
 * throws when the line breaks; the reader goes on with `after` set to the last id it saw.
 */
export async function* stream<const E extends Endpoint>(
  endpoint: E,
  input: StreamInput<E>,
): AsyncGenerator<ServerEvent, void> {
  const headers: Record<string, string> = { ...input.headers, accept: "text/event-stream" }
  if (input.after !== undefined && input.after > 0) headers["last-event-id"] = String(input.after)
  const response = await send(endpoint, { ...input, headers })
  if (response.status === 204 || response.body === null) return
  yield* readServerEvents(response.body)
}
