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
import type { Approval } from "#core/contract/approvals"
import { ApprovalId, ExecutionId, FlowId } from "#core/ids"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { ApprovalsPage } from "./approvals-page.tsx"
import { ApprovePage } from "./approve-page.tsx"

const ulid = (n: number): string => `01JD${String(n).padStart(22, "0")}`

export const me = {
  user: { id: `user_${ulid(1)}`, email: "ana@example.com", name: "Ana", preferences: {} },
  capabilities: ["execution.read", "approval.answer", "flow.read"],
}

export const approval = (n: number, change: Partial<Approval> = {}): Approval => ({
  id: ApprovalId.parse(`appr_${ulid(n)}`),
  execution_id: ExecutionId.parse(`exec_00${ulid(n)}`),
  flow_id: FlowId.parse(`flow_${ulid(1)}`),
  flow_name: "Invoices",
  node_id: "ask",
  scope: "",
  status: "open",
  title: `Pay invoice ${n}?`,
  message: null,
  form_schema: null,
  buttons: [
    { id: "pay", label: "Pay" },
    { id: "no", label: "Refuse" },
  ],
  assignees: [],
  requested_at: "2026-11-21T09:30:00.000Z",
  due: null,
  answered_at: null,
  answered_by: null,
  button: null,
  form: null,
  ...change,
})

/** What a server answers: a body, or a failure with its status. */
export type Reply = object | { refuse: number; code: string; detail: string }
type Serve = (method: string, path: string, body: unknown) => Reply | undefined

/** A server of these answers; gives back what was sent to it. */
export function serve(answer: Serve): { method: string; path: string; body: unknown }[] {
  const sent: { method: string; path: string; body: unknown }[] = []
  vi.stubGlobal("fetch", async (address: string, init: { method: string; body: string | null }) => {
    const path = address.replace("/api/v1", "")
    const body: unknown = init.body === null ? undefined : JSON.parse(init.body)
    sent.push({ method: init.method, path, body })
    const reply = answer(init.method, path, body) ?? {
      refuse: 404,
      code: "route.not_found",
      detail: "Not there.",
    }
    if (!("refuse" in reply)) return new Response(JSON.stringify(reply))
    const problem = { type: "about:blank", title: "No", status: reply.refuse, request_id: "req_1" }
    return new Response(JSON.stringify({ ...problem, ...reply }), { status: reply.refuse })
  })
  return sent
}

/** The pages at an address, as the router has them. */
export function open(address: string): void {
  session.begin("token", "tenant")
  const root = createRootRoute({ component: Outlet })
  const approve = createRoute({
    getParentRoute: () => root,
    path: "/approve/$token",
    component: ApprovePage,
  })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const approvals = createRoute({
    getParentRoute: () => inside,
    path: "/approvals",
    component: ApprovalsPage,
  })
  const router = createRouter({
    routeTree: root.addChildren([approve, shell.addChildren([inside.addChildren([approvals])])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(["me"], me)
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}
