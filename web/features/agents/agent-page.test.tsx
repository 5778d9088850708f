import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { Agent } from "#core/contract/agents"
import { AgentDraft } from "#core/agent/agent"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { AgentPage } from "./agent-page.tsx"

const id = "agent_01JD0000000000000000000000"
const agent: Agent = {
  ...AgentDraft.parse({ name: "Writer", role: "Author", tool_ids: ["builtin:time"] }),
  id,
  version: 3,
  created_by: "user_1",
  created_at: "2026-11-21T09:00:00.000Z",
  updated_at: "2026-11-21T09:00:00.000Z",
}

const tools = {
  tools: [],
  builtin: ["time", "math"].map((name) => ({
    id: `builtin:${name}`,
    name,
    description: `Knows ${name}`,
    input_schema: { type: "object" },
    risk: "read",
  })),
  total: 0,
  page_info: { page: 1, limit: 100, has_next: false, has_prev: false },
}

type Sent = { method: string; path: string; ifMatch: string | null; body: unknown }
type Answer = { status: number; body: object } | undefined

const may = ["agent.read", "agent.edit", "execution.start"]

function serve(answer: (sent: Sent) => Answer = () => undefined) {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const one: Sent = {
      method: init.method ?? "GET",
      path: address.replace("/api/v1", "").replace(/\?.*/, ""),
      ifMatch: new Headers(init.headers).get("if-match"),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    }
    if (one.method !== "GET") sent.push(one)
    const given = answer(one) ?? usual(one)
    return new Response(JSON.stringify(given.body), { status: given.status })
  })
  return sent
}

function usual({ method, path, body }: Sent): { status: number; body: object } {
  if (path === `/agents/${id}` && method === "GET")
    return { status: 200, body: { agent, crews: [], reach: "edit" } }
  if (path === `/agents/${id}` && method === "PUT")
    return { status: 200, body: { agent: { ...agent, ...(body as object), version: 4 } } }
  if (path === "/tools") return { status: 200, body: tools }
  if (path === "/llm-providers") return { status: 200, body: { llm_providers: [], total: 0 } }
  if (path === "/model-aliases") return { status: 200, body: { model_aliases: [], total: 0 } }
  if (path.endsWith("/test"))
    return { status: 202, body: { execution_id: "exec_0001JD0000000000000000000000", status: "queued" } }
  return { status: 200, body: { events: [], has_more: false } }
}

function open(capabilities: readonly string[] = may) {
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const page = createRoute({ getParentRoute: () => inside, path: "/agents/$agentId", component: AgentPage })
  const list = createRoute({
    getParentRoute: () => inside,
    path: "/agents",
    component: () => <p>All agents</p>,
  })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([page, list])])]),
    history: createMemoryHistory({ initialEntries: [`/agents/${id}`] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, {
    user: { id: "user_1", email: "ana@example.com", name: "Ana", preferences: {} },
    capabilities,
  })
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router as never} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return router
}

const name = () => screen.findByRole("textbox", { name: "Name" })
const save = () => userEvent.keyboard("{Control>}s{/Control}")

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("saves on top of the version that was read, with the tools that are ticked", async () => {
  const sent = serve()
  open()
  await userEvent.type(await name(), " of prose")
  await userEvent.click(await screen.findByRole("checkbox", { name: /math/ }))
  await save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({
    method: "PUT",
    ifMatch: '"v3"',
    body: { name: "Writer of prose", role: "Author", tool_ids: ["builtin:time", "builtin:math"] },
  })
  await save()
  expect(sent).toHaveLength(1)
})

it("says beside a field what is wrong with it, whether found here or by the server", async () => {
  const refusal = {
    type: "about:blank",
    request_id: "req_1",
    title: "Bad",
    status: 400,
    code: "request.invalid",
    detail: "Look at the fields.",
    errors: [{ path: "config.guardrails.0.pattern", message: "This regular expression is not valid here" }],
  }
  const sent = serve(({ method }) => (method === "PUT" ? { status: 400, body: refusal } : undefined))
  open()
  await userEvent.clear(await name())
  await save()
  expect(await screen.findByText("Enter a name")).toBeTruthy()
  expect((await name()).getAttribute("aria-invalid")).toBe("true")
  expect(sent).toEqual([])
  await userEvent.type(await name(), "Writer")
  expect(screen.queryByText("Enter a name")).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: "Add a guardrail" }))
  await userEvent.click(await screen.findByRole("menuitem", { name: "Matches a pattern" }))
  await userEvent.type(screen.getByRole("textbox", { name: "Matches a pattern" }), "(?=x)")
  await save()
  expect(await screen.findByText("This regular expression is not valid here")).toBeTruthy()
  expect(screen.getByRole("textbox", { name: "Matches a pattern" }).getAttribute("aria-invalid")).toBe("true")
})

it("asks whose version wins when somebody else has saved, and loses neither unasked", async () => {
  let theirs = false
  const stale = {
    type: "about:blank",
    request_id: "req_1",
    title: "Stale",
    status: 412,
    code: "conflict.stale",
    detail: "Changed",
  }
  const sent = serve(({ method, path, ifMatch }) => {
    if (method === "PUT" && ifMatch === '"v3"') {
      theirs = true
      return { status: 412, body: stale }
    }
    if (method === "GET" && path === `/agents/${id}` && theirs)
      return {
        status: 200,
        body: { agent: { ...agent, name: "Theirs", version: 5 }, crews: [], reach: "edit" },
      }
    return undefined
  })
  open()
  await userEvent.type(await name(), " 2")
  await save()
  const dialog = await screen.findByRole("dialog", { name: "This agent was changed elsewhere" })
  expect(screen.getByDisplayValue("Writer 2")).toBeTruthy()
  await userEvent.click(within(dialog).getByRole("button", { name: "Keep mine" }))
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ ifMatch: '"v5"', body: { name: "Writer 2" } }))
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
})

it("does not let unsaved words go unasked", async () => {
  serve()
  const router = open()
  await userEvent.type(await name(), "!")
  void router.navigate({ to: "/agents" } as never)
  const question = await screen.findByRole("alertdialog", { name: "Leave without saving?" })
  await userEvent.click(within(question).getByRole("button", { name: "Cancel" }))
  expect(router.state.location.pathname).toBe(`/agents/${id}`)
  void router.navigate({ to: "/agents" } as never)
  await userEvent.click(await screen.findByRole("button", { name: "Leave" }))
  expect(await screen.findByText("All agents")).toBeTruthy()
})

it("tries the agent as it is typed, and as it is saved where nothing was typed", async () => {
  const sent = serve()
  open()
  const task = await screen.findByRole("textbox", { name: "Try it out" })
  const run = screen.getByRole("button", { name: "Run" })
  await userEvent.click(run)
  expect(await screen.findByText("Say what it is to do")).toBeTruthy()
  await userEvent.type(task, "Write a line")
  await userEvent.type(await name(), " 2")
  await userEvent.click(run)
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({
    method: "POST",
    path: `/agents/${id}/test`,
    body: { task: "Write a line", draft: { name: "Writer 2" } },
  })
})

it("lets those only read who may not edit", async () => {
  serve()
  open(["agent.read"])
  expect((await name()).hasAttribute("disabled")).toBe(true)
  expect(screen.queryByRole("button", { name: /Save version/ })).toBeNull()
  expect(screen.getByRole("button", { name: "Run" }).hasAttribute("disabled")).toBe(true)
})
