import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { fireEvent, render, screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { Budget } from "#core/contract/budgets"
import { allCapabilities, type Capability } from "#core/access/capabilities"
import { meQuery } from "#web/api/me.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { BudgetsPage } from "./budgets-page.tsx"
import { testBudget } from "./test-budgets.ts"

const page_info = { page: 1, limit: 200, has_next: false, has_prev: false }

/** A server that has these budgets, or refuses. */
function serve(budgets: readonly Budget[], refuse?: number): void {
  vi.stubGlobal("fetch", async (address: string) => {
    const { pathname } = new URL(address, "https://edgecrew.example")
    if (refuse !== undefined) {
      const problem = { title: "No", status: refuse, code: "internal", detail: "It broke." }
      return new Response(JSON.stringify(problem), { status: refuse })
    }
    if (pathname.endsWith("/history")) return new Response(JSON.stringify({ periods: [], alerts: [] }))
    return new Response(JSON.stringify({ budgets, total: budgets.length, page_info }))
  })
}

function open(address: string, capabilities: readonly Capability[] = allCapabilities): void {
  session.begin("token", "tenant")
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const budgets = createRoute({ getParentRoute: () => inside, path: "/budgets", component: BudgetsPage })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([budgets])])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  queries.setQueryData(meQuery.queryKey, { capabilities } as never)
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}

afterEach(() => vi.unstubAllGlobals())

it("lists budgets as a tree, with what is spent and what is to be expected", async () => {
  serve([
    testBudget({ name: "Clerk", scope: "agent", target_id: "agent_1", target_name: "Clerk", mode: "soft" }),
    testBudget({ name: "All of it" }),
  ])
  open("/budgets")
  await screen.findByRole("row", { name: /All of it/ })
  const rows = screen.getAllByRole("row").map((row) => row.textContent)
  expect(rows.findIndex((text) => text?.includes("All of it"))).toBeLessThan(
    rows.findIndex((text) => text?.includes("Agent Clerk")),
  )
  const [meter] = screen.getAllByRole("meter")
  expect(meter?.getAttribute("aria-valuetext")).toBe("25 %, $0.25")
  expect(screen.getByRole("row", { name: /Clerk/ }).textContent).toContain("$1.00 a day · soft")
})

it("offers to set the first, to those who may", async () => {
  serve([])
  open("/budgets")
  expect(await screen.findByRole("button", { name: "Set a budget" })).toBeTruthy()
})

it("offers nothing to those who may only read", async () => {
  serve([])
  open("/budgets", ["budget.read"])
  await screen.findByText("No budgets yet")
  expect(screen.queryByRole("button", { name: "Set a budget" })).toBeNull()
})

it("says that something went wrong, and asks again", async () => {
  serve([], 500)
  open("/budgets")
  const again = await screen.findByRole("button", { name: "Try again" })
  serve([testBudget({ name: "There again" })])
  fireEvent.click(again)
  expect(await screen.findByRole("row", { name: /There again/ })).toBeTruthy()
})

it("says so when the ledger cannot be asked", async () => {
  const budget = testBudget({ name: "Blind", state: null })
  serve([budget])
  open(`/budgets?show=${budget.id}`)
  expect(await screen.findByText("The ledger cannot be asked for the moment.")).toBeTruthy()
})
