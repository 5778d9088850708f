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
import type { Crew } from "#core/contract/crews"
import { CrewDraft } from "#core/crew/crew"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { CrewPage } from "./crew-page.tsx"
import { fieldOfFile } from "./list/import-dialog.tsx"

const id = "crew_01JD0000000000000000000000"
const agentId = (n: number) => `agent_01JD000000000000000000000${n}`

const draft = CrewDraft.parse({
  name: "Newsroom",
  collaboration_pattern: "sequential",
  agents: [
    { agent_id: agentId(1), position: "writer" },
    { agent_id: agentId(2), position: "critic" },
  ],
  tasks: [{ id: "draft", description: "Write about {{ input.topic }}", position: "writer" }],
})
const at = "2026-11-21T09:00:00.000Z"
const crew: Crew = { ...draft, id, version: 2, created_by: "user_1", created_at: at, updated_at: at }

const agents = [
  { id: agentId(1), name: "Writer", role: "Author", is_deleted: false },
  { id: agentId(2), name: "Critic", role: "Reader", is_deleted: false },
]

type Sent = { method: string; path: string; ifMatch: string | null; body: unknown }

function serve(held: Crew = crew) {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const one: Sent = {
      method: init.method ?? "GET",
      path: address.replace("/api/v1", "").replace(/\?.*/, ""),
      ifMatch: new Headers(init.headers).get("if-match"),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    }
    if (one.method !== "GET") sent.push(one)
    return new Response(JSON.stringify(answer(one, held)), { status: 200 })
  })
  return sent
}

function answer({ method, path, body }: Sent, held: Crew): object {
  if (path === `/crews/${id}` && method === "GET") return { crew: held, findings: [], agents, reach: "edit" }
  if (path === `/crews/${id}` && method === "PUT")
    return { crew: { ...held, ...(body as object), version: held.version + 1 }, findings: [] }
  if (path === "/agents") return { agents: agents.map((one) => ({ ...one, status: "active" })), total: 2 }
  if (path.endsWith("/test")) return { execution_id: "exec_0001JD0000000000000000000000", status: "queued" }
  return { events: [], has_more: false, llm_providers: [], model_aliases: [] }
}

function open(address = `/crews/${id}`) {
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const page = createRoute({ getParentRoute: () => inside, path: "/crews/$crewId", component: CrewPage })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([page])])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, {
    user: { id: "user_1", email: "ana@example.com", name: "Ana", preferences: {} },
    capabilities: ["agent.read", "agent.edit", "execution.start"],
  })
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router as never} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}

const save = () => userEvent.keyboard("{Control>}s{/Control}")
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole("button", { name }))

beforeEach(() => {
  session.begin("token", "tenant_01JD0000000000000000000000")
  // The drawing measures itself; without a layout there is nothing to measure.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
})
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("asks for what another pattern needs, beside its field, and saves it", async () => {
  const sent = serve()
  open()
  await userEvent.click(await screen.findByRole("radio", { name: /Hierarchical/ }))
  expect(await screen.findByText(/^Choose the manager, who plans/, { selector: "p span" })).toBeTruthy()
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Manager" }), "critic")
  await waitFor(() => expect(screen.queryByText(/^Choose the manager/)).toBeNull())
  await save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({
    method: "PUT",
    ifMatch: '"v2"',
    body: { collaboration_pattern: "hierarchical", config: { manager: "critic" } },
  })
})

it("adds a task, says what it lacks at the task, and moves it by Alt and the arrow keys", async () => {
  const sent = serve()
  open()
  await press("Add a task")
  expect(await screen.findByRole("heading", { name: "task_2" })).toBeTruthy()
  await userEvent.type(screen.getByRole("textbox", { name: "What is to be done" }), "Check it")
  const lines = () =>
    within(screen.getByRole("region", { name: "Tasks" }))
      .getAllByRole("listitem")
      .map((one) => within(one).getAllByRole("button")[0]!.textContent)
  expect(lines()).toEqual([expect.stringContaining("draft"), expect.stringContaining("task_2")])
  const line = within(screen.getByRole("region", { name: "Tasks" })).getByRole("button", {
    name: /^2 task_2/,
  })
  line.focus()
  await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}")
  expect(lines()).toEqual([expect.stringContaining("task_2"), expect.stringContaining("draft")])
  await save()
  await waitFor(() =>
    expect(sent[0]).toMatchObject({
      body: { tasks: [{ id: "task_2", description: "Check it", position: "critic" }, { id: "draft" }] },
    }),
  )
})

it("draws a line by a tick for those who do not draw, and takes a member out with what leads to it", async () => {
  const sent = serve()
  open(`/crews/${id}?open=member:writer`)
  await userEvent.click(await screen.findByRole("checkbox", { name: "critic" }))
  await save()
  await waitFor(() =>
    expect(sent[0]).toMatchObject({
      body: { config: { delegation: [{ from: "writer", to: "critic" }] } },
    }),
  )
  await press("Take writer out")
  await save()
  // A task without anybody is found at once, and can be saved all the same.
  const tasks = within(screen.getByRole("region", { name: "Tasks" }))
  expect(await tasks.findByRole("img", { name: "Something is missing" })).toBeTruthy()
  await waitFor(() =>
    expect(sent[1]).toMatchObject({
      ifMatch: '"v3"',
      body: { agents: [{ position: "critic" }], config: { delegation: [] } },
    }),
  )
})

it("saves before it runs, with the input that the tasks speak of", async () => {
  const sent = serve()
  open(`/crews/${id}?tab=run`)
  const topic = await screen.findByRole("textbox", { name: /^topic/ })
  await userEvent.type(topic, "Tulips")
  await press("Run")
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ path: `/crews/${id}/test`, body: { input: { topic: "Tulips" } } })
})

it("knows two dropped files apart by their names, else by what stands in them", () => {
  expect(fieldOfFile("my_tasks.yaml", "")).toBe("tasks_yaml")
  expect(fieldOfFile("agents.yml", "")).toBe("agents_yaml")
  expect(fieldOfFile("a.yaml", "write:\n  description: x\n  expected_output: y\n")).toBe("tasks_yaml")
  expect(fieldOfFile("a.yaml", "writer:\n  role: x\n  goal: y\n")).toBe("agents_yaml")
  expect(fieldOfFile("a.yaml", "hello")).toBeNull()
})
