import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { render } from "@testing-library/react"
import { vi } from "vitest"
import { TriggerDraft, type Delivery, type Trigger } from "#core/contract/triggers"
import { DeliveryId, ExecutionId, FlowId, TriggerId } from "#core/ids"
import { session } from "#web/state/session.ts"
import { HeaderSlotsProvider, useHeaderSlots } from "#web/ui/page-header.tsx"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { TriggerPage } from "./trigger-page.tsx"
import { TriggersPage } from "./triggers-page.tsx"

export const ulid = (n: number): string => `01JD${String(n).padStart(22, "0")}`
export const flowId = FlowId.parse(`flow_${ulid(1)}`)

/** A trigger as the server shows one of this draft. */
export function trigger(n: number, draft: object, change: Partial<Trigger> = {}): Trigger {
  // The draft's kind decides which member of the union this is.
  return {
    ...TriggerDraft.parse({ flow_id: flowId, name: `Trigger ${n}`, ...draft }),
    id: TriggerId.parse(`trig_${ulid(n)}`),
    flow_name: "Invoices",
    health: { status: "ok", reason: null, failures_in_a_row: 0, last_error: null, last_error_at: null },
    last_fired_at: null,
    next_fire_at: null,
    address: null,
    secret: null,
    version: 3,
    created_by: "user_1",
    created_at: "2026-11-21T09:30:00.000Z",
    updated_at: "2026-11-21T09:30:00.000Z",
    ...change,
  } as Trigger
}

export const delivery = (n: number, change: Partial<Delivery> = {}): Delivery => ({
  id: DeliveryId.parse(`dlv_${ulid(n)}`),
  trigger_id: TriggerId.parse(`trig_${ulid(1)}`),
  at: "2026-11-21T09:30:00.000Z",
  outcome: "accepted",
  reason: null,
  status: 202,
  execution_id: ExecutionId.parse(`exec_00${ulid(n)}`),
  method: "POST",
  query: {},
  headers: { "content-type": "application/json" },
  digest: null,
  body_bytes: 15,
  body_excerpt: '{"text":"Hello"}',
  scheduled_for: null,
  source_execution_id: null,
  redelivery_of: null,
  can_redeliver: true,
  ...change,
})

export const page = { page: 1, limit: 100, has_next: false, has_prev: false }

type Sent = { method: string; path: string; body: unknown }
type Answer = (sent: Sent) => object | undefined

/** A server of these answers, beside those that every page asks for; gives back what was sent to change something. */
export function serve(answer: Answer): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (address: string, init: { method: string; body: string | null }) => {
    const path = address.replace("/api/v1", "")
    const body: unknown = init.body === null ? undefined : JSON.parse(init.body)
    const one = { method: init.method, path, body }
    if (init.method !== "GET") sent.push(one)
    const reply = answer(one) ?? usual(path)
    if (reply) return new Response(JSON.stringify(reply), { headers: { etag: '"v3"' } })
    const problem = { type: "about:blank", title: "No", status: 404, code: "route.not_found", detail: "No." }
    return new Response(JSON.stringify({ ...problem, request_id: "req_1" }), { status: 404 })
  })
  return sent
}

function usual(path: string): object | undefined {
  const flow = {
    id: flowId,
    name: "Invoices",
    published_version: 1,
    input_schema: {
      type: "object",
      properties: { text: { type: "string", title: "Message", examples: ["Hi"] } },
    },
  }
  if (path.startsWith("/flows?")) return { flows: [flow], total: 1, page_info: page }
  if (path === `/flows/${flowId}`) return { flow }
  if (path.includes("/deliveries?")) return { deliveries: [], total: 0, page_info: page }
  return undefined
}

/** The shell's header, which pages put their actions into. */
function Frame() {
  const { slots, setCrumbs, setActions } = useHeaderSlots()
  return (
    <>
      <div ref={setCrumbs} />
      <div ref={setActions} />
      <HeaderSlotsProvider slots={slots}>
        <Outlet />
      </HeaderSlotsProvider>
    </>
  )
}

/** The pages at an address, as the router has them, for somebody who may do this. */
export function open(address: string, capabilities = ["trigger.read", "trigger.edit", "flow.edit"]) {
  session.begin("token", "tenant")
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Frame })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const triggers = createRoute({ getParentRoute: () => inside, path: "/triggers", component: TriggersPage })
  const one = createRoute({
    getParentRoute: () => inside,
    path: "/triggers/$triggerId",
    component: TriggerPage,
  })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([triggers, one])])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(["me"], { user: { id: "user_1", email: "ana@example.com" }, capabilities })
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return router
}
