import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useLocation,
} from "@tanstack/react-router"
import { fireEvent, render, screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { FoundSpan } from "#core/contract/traces"
import type { ExecutionId } from "#core/ids"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { TracesPage } from "./traces-page.tsx"

const found = (n: number, change: Partial<FoundSpan> = {}): FoundSpan => ({
  id: String(n).padStart(16, "0"),
  trace_id: "0".repeat(32),
  parent_id: null,
  execution_id: `exec_0001JD${String(n).padStart(22, "0")}` as ExecutionId,
  flow_id: "flow_1",
  flow_name: "Triage",
  kind: "step",
  name: "invoke_node Draft",
  node_id: "draft",
  node_label: "Draft",
  scope: "",
  attempt: 1,
  status: "ok",
  start_time: "2026-11-21T09:00:00.000Z",
  end_time: "2026-11-21T09:00:01.500Z",
  duration_ms: 1_500,
  attributes: {},
  model: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  first_token_ms: null,
  text: null,
  ...change,
})

const rows = [
  found(1, { kind: "model", model: "gpt-5.2", input_tokens: 1_200, output_tokens: 34, cost_micros: 4_200 }),
  found(2, { scope: "each[3]", status: "error", attempt: 2, text: "The vendor is busy\nmore" }),
]

/** A server that finds these, or refuses; gives back the queries that it was asked. */
function serve(spans: readonly FoundSpan[], more: { is_complete?: boolean; refuse?: number } = {}) {
  const asked: URLSearchParams[] = []
  vi.stubGlobal("fetch", async (address: string) => {
    const url = new URL(address, "https://edgecrew.example")
    if (!url.pathname.endsWith("/traces/search")) return new Response(JSON.stringify({ flows: [] }))
    asked.push(url.searchParams)
    if (more.refuse !== undefined) {
      const problem = { title: "No", status: more.refuse, code: "access.denied", detail: "Not for you." }
      return new Response(JSON.stringify(problem), { status: more.refuse })
    }
    const page_info = { page: 1, limit: 100, has_next: false, has_prev: false }
    return new Response(
      JSON.stringify({ spans, total: spans.length, is_complete: more.is_complete ?? true, page_info }),
    )
  })
  return asked
}

function open(address: string): void {
  session.begin("token", "tenant")
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const traces = createRoute({ getParentRoute: () => inside, path: "/traces", component: TracesPage })
  const execution = createRoute({
    getParentRoute: () => inside,
    path: "/executions/$executionId",
    component: function Execution() {
      return <p>{useLocation().href}</p>
    },
  })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([traces, execution])])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}

afterEach(() => vi.unstubAllGlobals())

it("lists spans with what they took and what they cost", async () => {
  serve(rows)
  open("/traces")
  const row = await screen.findByRole("row", { name: /draft, model, succeeded/ })
  for (const fact of ["Triage", "gpt-5.2", "1,234", "$0.0042", "1.5 s"])
    expect(row.textContent).toContain(fact)
  expect(screen.getByRole("row", { name: /draft, step, failed/ }).textContent).toContain(
    "each[3] · The vendor is busy",
  )
  expect(screen.getByRole("status").textContent).toBe("2 spans")
})

it("asks for what the address says", async () => {
  const asked = serve(rows)
  open(
    "/traces?q=parcel&kind=%5B%22model%22%2C%22http%22%5D&status=%5B%22error%22%5D&longer=1000&model=gpt-5.2",
  )
  await screen.findAllByRole("row")
  expect(Object.fromEntries(asked[0]!)).toEqual({
    text: "parcel",
    kind: "model,http",
    status: "error",
    min_duration_ms: "1000",
    model: "gpt-5.2",
    sort: "-start_time",
    page: "1",
    limit: "100",
  })
  expect(screen.getByRole("button", { name: "Remove the filter Longer than" })).toBeTruthy()
})

it("opens the execution at the step of its iteration", async () => {
  serve(rows)
  open("/traces")
  fireEvent.click(await screen.findByRole("row", { name: /draft, step, failed/ }))
  expect(
    await screen.findByText(`/executions/${rows[1]!.execution_id}?node=each%5B3%5D%2Fdraft`),
  ).toBeTruthy()
})

it("says when only the newest were looked through", async () => {
  serve(rows, { is_complete: false })
  open("/traces")
  expect((await screen.findByRole("status")).textContent).toBe("2 spans among the newest 50,000")
})

it("tells having nothing from finding nothing, and lets go of the filters", async () => {
  const asked = serve([])
  open("/traces?q=nothing")
  fireEvent.click(await screen.findByRole("button", { name: "Clear search and filters" }))
  expect(await screen.findByText("No traces yet")).toBeTruthy()
  expect(asked.at(-1)?.has("text")).toBe(false)
})

it("says why it cannot list them", async () => {
  serve([], { refuse: 403 })
  open("/traces")
  expect(await screen.findByRole("button", { name: /again/i })).toBeTruthy()
})
