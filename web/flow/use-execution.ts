import { createContext, use, useEffect, useState, useSyncExternalStore } from "react"
import { executionsApi } from "#core/contract/executions"
import { Presence } from "#core/contract/socket/execution"
import { Failure, failures } from "#core/errors"
import { EventType, type ExecutionEvent } from "#core/execution/event"
import type { NodeState } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { stream } from "#web/api/stream.ts"
import { LiveExecution, type JournalSource } from "./live-execution.ts"
import { placeIn, wholeView, type ScopeView } from "./scope-path.ts"
import type { StepCounts } from "./step-index.ts"

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

/** Which iterations the canvas shows; without a provider, the flow's own level. */
const ScopeContext = createContext<ScopeView>(wholeView)
export const ScopeProvider = ScopeContext
export const useScopeView = (): ScopeView => use(ScopeContext)

/** What a view shows of a node: the step of the iteration that is chosen, or all iterations as one. */
export function runIn(live: LiveExecution, view: ScopeView, nodeId: string): NodeState | undefined {
  return live.steps.whole(placeIn(view, nodeId))
}

/** How far the watched execution has come with a node, in the iterations that the canvas shows. */
export function useNodeRun(nodeId: string): NodeState | undefined {
  const view = useScopeView()
  return useLive(useWatched(), (live) => runIn(live, view, nodeId))
}

/** How many iterations of a node stand where; undefined where the canvas shows one step only. */
export function useNodeCounts(nodeId: string): StepCounts | undefined {
  const place = placeIn(useScopeView(), nodeId)
  return useLive(useWatched(), (live) => {
    const group = live.steps.group(place)
    return group && group.total > 1 ? group.counts : undefined
  })
}
