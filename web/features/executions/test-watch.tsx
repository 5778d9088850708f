import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { act, render } from "@testing-library/react"
import { useMemo, type ReactNode } from "react"
import { vi } from "vitest"
import * as z from "zod"
import type { Execution } from "#core/contract/executions"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import { ExecutionId, FlowId } from "#core/ids"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { LiveExecution } from "#web/flow/live-execution.ts"
import { LiveProvider } from "#web/flow/use-execution.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { DrawnFlow } from "./model/drawn-flow.ts"
import { useSelection } from "./use-selection.ts"
import { WatchProvider } from "./watch.ts"

const began = Date.parse("2026-11-21T09:00:00.000Z")

/** Events with their places in a journal, a millisecond after each other. */
export const journalOf = (events: readonly NewEvent[], after = 0): ExecutionEvent[] =>
  events.map((event, i) => ({
    ...event,
    seq: after + i + 1,
    at: new Date(began + after + i).toISOString(),
  }))

const id = ExecutionId.parse("exec_0001JD0000000000000000000000")

/** An execution of a graph as the page is given it. */
export const executionOf = (graph: Execution["graph"], change: Partial<Execution> = {}): Execution => ({
  id,
  flow_id: FlowId.parse("flow_01JD0000000000000000000000"),
  flow_name: "Invoices",
  flow_version: 3,
  status: "running",
  actor: me.user.id,
  error: null,
  created_at: new Date(began).toISOString(),
  started_at: new Date(began).toISOString(),
  finished_at: null,
  duration_ms: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  inputs: {},
  outputs: null,
  retry_of: null,
  fork_of: null,
  replay_of: null,
  last_seq: 0,
  graph,
  ...change,
})

export const me = {
  user: { id: "user_01JD0000000000000000000001", email: "ana@example.com", name: "Ana", preferences: {} },
  capabilities: ["execution.read", "execution.start", "execution.cancel", "approval.answer", "flow.read"],
}

/** A journal that grows when it is told to. */
export function liveOf(events: readonly NewEvent[]) {
  const held = journalOf(events)
  let wake = () => undefined as void
  const live = new LiveExecution(
    id,
    {
      page: async (after) => ({ events: held.filter((event) => event.seq > after), has_more: false }),
      async *stream(after) {
        for (let seen = after; ;) {
          for (const event of held.filter(({ seq }) => seq > seen)) {
            seen = event.seq
            yield event
          }
          // oxlint-disable-next-line no-await-in-loop
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      },
      isFinal: () => true,
    },
    { soon: (tell) => tell(), pause: async () => undefined },
  )
  const say = async (...more: NewEvent[]) => {
    held.push(...journalOf(more, held.length))
    await act(async () => {
      wake()
      await new Promise((resolve) => setTimeout(resolve, 0))
    })
  }
  return { live, say }
}

type Sent = { method: string; path: string; body: unknown }

/** Shows a part of the page for an execution, with everything around it that it needs. */
export async function showIn(
  part: ReactNode,
  options: {
    graph: Execution["graph"]
    events: readonly NewEvent[]
    execution?: Partial<Execution>
    search?: string
    may?: readonly string[]
    answer?: (sent: Sent) => object | undefined
  },
) {
  // Lists draw what their height has room for; without a layout there is none.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400)
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(100_000)
  const { live, say } = liveOf(options.events)
  const execution = executionOf(options.graph, options.execution)
  const sent: Sent[] = []
  session.begin("token", "tenant")
  vi.stubGlobal("fetch", async (address: string, init: { method: string; body: string | null }) => {
    const one = {
      method: init.method,
      path: address.replace("/api/v1", ""),
      body: init.body === null ? undefined : (JSON.parse(init.body) as unknown),
    }
    sent.push(one)
    return new Response(JSON.stringify(options.answer?.(one) ?? {}), { status: 200 })
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, { ...me, capabilities: options.may ?? me.capabilities })

  function Page() {
    const selection = useSelection()
    const flow = useMemo(() => new DrawnFlow(execution.graph), [])
    const watch = useMemo(() => ({ execution, live, flow, selection }), [flow, selection])
    return (
      <LiveProvider value={live}>
        <WatchProvider value={watch}>{part}</WatchProvider>
      </LiveProvider>
    )
  }
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const page = createRoute({
    getParentRoute: () => inside,
    path: "/executions/$executionId",
    validateSearch: z.object({
      scope: z.string().optional(),
      node: z.string().optional(),
      tab: z.string().optional(),
    }),
    component: Page,
  })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([page])])]),
    history: createMemoryHistory({ initialEntries: [`/executions/${id}${options.search ?? ""}`] }),
  })
  live.open()
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
  })
  const view = render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router as never} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
  })
  return { view, live, say, sent, search: () => router.state.location.search as Record<string, unknown> }
}
