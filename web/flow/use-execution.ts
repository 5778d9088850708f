import { createContext, use, useEffect, useState, useSyncExternalStore } from "react"
import { executionsApi } from "#core/contract/executions"
import { Failure, failures } from "#core/errors"
import { ExecutionEvent } from "#core/execution/event"
import type { NodeState } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { stream } from "#web/api/stream.ts"
import { LiveExecution, type JournalSource } from "./live-execution.ts"

const pageSize = 5_000

function journalOf(id: string): JournalSource {
  const params = { execution_id: id as ExecutionId }
  return {
    page: (after, signal) =>
      call(executionsApi.events, { params, query: { after, limit: pageSize }, signal }),
    async *stream(after, signal) {
      for await (const { data } of stream(executionsApi.stream, { params, after, signal })) {
        // An event that a newer server writes and this page does not know is passed over.
        const event = ExecutionEvent.safeParse(JSON.parse(data))
        if (event.success) yield event.data
      }
    },
    isFinal: (error) => error instanceof Failure && !failures[error.code].retry,
  }
}

const waits = {
  /** With the frame; a page in the background gets none, and has to be told all the same. */
  soon(tell: () => void): void {
    if (document.hidden) setTimeout(tell, 200)
    else requestAnimationFrame(tell)
  },
  pause: (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2))
      signal.addEventListener("abort", () => {
        clearTimeout(timer)
        resolve()
      })
    }),
}

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

const never = () => () => undefined

/** A part of a live execution; renders again when that part is another. `select` gives primitives or parts of the state. */
export function useLive<T>(live: LiveExecution | null, select: (live: LiveExecution) => T): T | undefined {
  return useSyncExternalStore(live?.subscribe ?? never, () => (live ? select(live) : undefined))
}

/** The execution that the canvas shows, for nodes and edges that stand deep inside. */
const LiveContext = createContext<LiveExecution | null>(null)
export const LiveProvider = LiveContext
export const useWatched = (): LiveExecution | null => use(LiveContext)

/** How far the watched execution has come with a node. */
export function useNodeRun(key: string): NodeState | undefined {
  return useLive(useWatched(), (live) => live.node(key))
}
