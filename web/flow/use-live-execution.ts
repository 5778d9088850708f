import { useEffect, useState } from "react"
import { executionsApi } from "#core/contract/executions"
import { Presence } from "#core/contract/socket/execution"
import { Failure, failures } from "#core/errors"
import { EventType, type ExecutionEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { stream } from "#web/api/stream.ts"
import { LiveExecution, type JournalSource } from "./live-execution.ts"
import { waits } from "./waits.ts"

const pageSize = 5_000

function journalOf(id: string): JournalSource {
  const params = { execution_id: id as ExecutionId }
  return {
    page: (after, signal) =>
      call(executionsApi.events, { params, query: { after, limit: pageSize }, signal }),
    async *stream(after, signal) {
      const query = { presence: "1" } as const
      for await (const { data, event: name } of stream(executionsApi.stream, {
        params,
        query,
        after,
        signal,
      })) {
        if (name === "presence") {
          const seen = Presence.safeParse(JSON.parse(data))
          if (seen.success) yield seen.data
          continue
        }
        const event: unknown = JSON.parse(data)
        if (isKnown(event)) yield event
      }
    },
    isFinal: (error) => error instanceof Failure && !failures[error.code].retry,
  }
}

const known: ReadonlySet<unknown> = new Set(EventType.options)

/**
 * An event that a newer server writes and this page does not know is passed over. Its insides are the server's word, as in the
 * pages of the journal: checking twelve thousand of them in full is what one would see.
 */
const isKnown = (event: unknown): event is ExecutionEvent =>
  typeof event === "object" && event !== null && "type" in event && known.has(event.type)

/** Reads an execution's journal for as long as the component is there. */
export function useLiveExecution(id: string | null): LiveExecution | null {
  const [live, setLive] = useState<LiveExecution | null>(null)
  if ((live?.id ?? null) !== id) setLive(id === null ? null : new LiveExecution(id, journalOf(id), waits))
  useEffect(() => {
    live?.open()
    return () => live?.close()
  }, [live])
  return live?.id === id ? live : null
}
