import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { toolsApi, type Tool } from "#core/contract/tools"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { NewToolPage } from "./new-tool-page.tsx"
import { ToolPage } from "./tool-page.tsx"

const id = "tool_01JD0000000000000000000000"
const common = {
  id,
  name: "count_words",
  description: "Counts words",
  input_schema: { type: "object", properties: { text: { type: "string" } } },
  risk: "read",
  needs_approval: false,
  version: 3,
  created_by: "user_1",
  created_at: "2026-11-21T09:00:00.000Z",
  updated_at: "2026-11-21T09:00:00.000Z",
}
const program = {
  ...common,
  kind: "container",
  execution_config: {
    runtime: "python",
    source: "print(1)",
    files: [],
    env: { LANGUAGE: "de" },
    egress: ["api.example.com"],
    timeout_seconds: 30,
    cpu_limit: 5,
  },
}
const request = {
  ...common,
  kind: "http",
  credentials: { key: "cred_01JD0000000000000000000000" },
  execution_config: {
    method: "POST",
    url: "https://a.example",
    headers: { "x-key": "{{ credentials.key }}" },
    query: {},
    body: { a: 1 },
    timeout_ms: 1_500,
  },
}
const kinds = {
  "a program": program,
  "a request": request,
  "an imported operation": {
    ...common,
    kind: "openapi",
    execution_config: {
      operation_id: "getOrder",
      server_url: "https://api.example.com/v1",
      method: "GET",
      path: "/orders/{id}",
      parameters: [{ name: "id", in: "path", argument: "text" }],
      headers: {},
    },
  },
  "a tool of a server": {
    ...common,
    kind: "mcp",
    execution_config: { url: "https://mcp.example.com", tool_name: "find", headers: {} },
  },
}
const read = (tool: object): Tool => toolsApi.create.reply.parse({ tool }).tool

type Sent = { method: string; path: string; ifMatch: string | null; body: unknown }
type Answer = { status: number; body: object } | undefined

function serve(tool: object, answer: (sent: Sent) => Answer = () => undefined) {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const one: Sent = {
      method: init.method ?? "GET",
      path: address.replace("/api/v1", "").replace(/\?.*/, ""),
      ifMatch: new Headers(init.headers).get("if-match"),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    }
    if (one.method !== "GET" && !one.path.endsWith("/validate")) sent.push(one)
    const given = answer(one) ?? usual(tool, one)
    return new Response(JSON.stringify(given.body), { status: given.status })
  })
  return sent
}

function usual(tool: object, { method, path, body }: Sent): { status: number; body: object } {
  if (path === "/tools" && method === "POST")
    return { status: 201, body: { tool: { ...tool, ...(body as object), id } } }
  if (path === `/tools/${id}`)
    return {
      status: 200,
      body: { tool: method === "PUT" ? { ...tool, ...(body as object), version: 4 } : tool },
    }
  if (path.endsWith("/validate")) return { status: 200, body: { valid: true, findings: [] } }
  if (path === "/credentials") return { status: 200, body: { credentials: [], total: 0 } }
  return { status: 200, body: { flows: [], events: [], has_more: false } }
}

function open(
  path: string,
  capabilities: readonly string[] = ["agent.read", "agent.edit", "execution.start"],
) {
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const fresh = createRoute({ getParentRoute: () => inside, path: "/tools/new", component: NewToolPage })
  const page = createRoute({ getParentRoute: () => inside, path: "/tools/$toolId", component: ToolPage })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([fresh, page])])]),
    history: createMemoryHistory({ initialEntries: [path] }),
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

const name = () => screen.findByDisplayValue("count_words")
const save = () => userEvent.keyboard("{Control>}s{/Control}")
const refused = (
  errors: { path: string; message: string }[],
  code = "request.invalid",
  status = 422,
): Answer => ({
  status,
  body: { type: "about:blank", title: "Bad", detail: "Bad", request_id: "req_1", status, code, errors },
})

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it.each(Object.entries(kinds))("changes the name of %s and nothing else of it", async (_, tool) => {
  const sent = serve(tool)
  open(`/tools/${id}`)
  await userEvent.type(await name(), "_2")
  await save()
  await waitFor(() => expect(sent).toHaveLength(1))
  const {
    id: _id,
    version: _version,
    created_by: _by,
    created_at: _at,
    updated_at: _then,
    ...draft
  } = read(tool)
  expect(sent[0]).toEqual({
    method: "PUT",
    path: `/tools/${id}`,
    ifMatch: '"v3"',
    body: { ...draft, name: "count_words_2" },
  })
})

it("says beside its field what the server refuses, and takes it back as the field changes", async () => {
  const errors = [
    { path: "execution_config.egress.0", message: "Not this host" },
    { path: "execution_config.env.LANGUAGE", message: "Not this value" },
    { path: "input_schema.properties.text.type", message: "No such type" },
  ]
  serve(program, ({ method }) => (method === "PUT" ? refused(errors) : undefined))
  open(`/tools/${id}`)
  await userEvent.type(await name(), "_2")
  await save()
  const host = screen.getByRole("textbox", { name: "Host 1" })
  await waitFor(() => expect(host.getAttribute("aria-invalid")).toBe("true"))
  expect(screen.getByRole("textbox", { name: "Value of variable 1" }).getAttribute("aria-invalid")).toBe(
    "true",
  )
  expect(screen.getByText("No such type")).toBeTruthy()
  await userEvent.type(host, ":8443")
  expect(screen.queryByText("Not this host")).toBeNull()
  expect(screen.getByText("Not this value")).toBeTruthy()
})

it("leaves out what is emptied: limits, secrets, hosts", async () => {
  const sent = serve(program)
  open(`/tools/${id}`)
  await userEvent.clear(await screen.findByRole("textbox", { name: /^Processor/ }))
  await userEvent.click(screen.getByRole("button", { name: "Remove host api.example.com" }))
  await userEvent.click(screen.getByRole("button", { name: "Add a secret" }))
  await save()
  await waitFor(() => expect(sent).toHaveLength(1))
  const { cpu_limit: _none, ...config } = program.execution_config
  const body = sent[0]!.body as typeof program
  expect(body.execution_config).toEqual({ ...config, egress: [] })
  expect(body).not.toHaveProperty("credentials")
})

it("creates a tool, and says beside the name that it is taken", async () => {
  let isTaken = true
  const sent = serve(request, ({ method, path }) =>
    method === "POST" && path === "/tools" && isTaken ? refused([], "conflict.duplicate", 409) : undefined,
  )
  const router = open("/tools/new?kind=http")
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "find")
  await userEvent.type(screen.getByRole("textbox", { name: "Description" }), "Finds")
  await userEvent.type(screen.getByRole("textbox", { name: "Address" }), "https://a.example")
  await save()
  expect(await screen.findByText(/Another tool is called so/)).toBeTruthy()
  isTaken = false
  await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "_it")
  await save()
  await waitFor(() => expect(router.state.location.pathname).toBe(`/tools/${id}`))
  expect(sent.at(-1)).toMatchObject({
    method: "POST",
    body: { name: "find_it", kind: "http", execution_config: { url: "https://a.example", method: "GET" } },
  })
})

it("makes a tool of a flow that is found by its name, with its inputs as arguments", async () => {
  const flow = {
    id: "flow_01JD0000000000000000000000",
    name: "Greeting",
    published_version: 1,
    input_schema: { type: "object", properties: { who: { type: "string" } }, required: ["who"] },
  }
  const sent = serve(program, ({ path }) => {
    if (path === "/flows") return { status: 200, body: { flows: [flow], total: 1 } }
    if (path === `/flows/${flow.id}`) return { status: 200, body: { flow, versions: [], findings: [] } }
    return undefined
  })
  open("/tools/new?kind=flow")
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "greet")
  await userEvent.type(screen.getByRole("textbox", { name: "Description" }), "Greets")
  await save()
  expect(await screen.findByText("Choose a flow")).toBeTruthy()
  await userEvent.type(screen.getByRole("combobox", { name: "Flow" }), "Greet")
  await screen.findByRole("option", { name: /Greeting/ })
  await userEvent.keyboard("{Enter}")
  await userEvent.click(await screen.findByRole("button", { name: "Take the flow’s inputs as arguments" }))
  await save()
  await waitFor(() =>
    expect(sent.at(-1)?.body).toMatchObject({
      input_schema: flow.input_schema,
      execution_config: { flow_id: flow.id },
    }),
  )
})

it("lets those only read who may not edit", async () => {
  serve(program)
  open(`/tools/${id}`, ["agent.read"])
  expect((await name()).hasAttribute("disabled")).toBe(true)
  expect(screen.queryByRole("button", { name: /Save version|Add a/ })).toBeNull()
})

it("says that there is no such tool", async () => {
  serve(program, ({ path }) => (path === `/tools/${id}` ? refused([], "tool.not_found", 404) : undefined))
  open(`/tools/${id}`)
  expect(await screen.findByRole("heading", { name: "There is no such tool" })).toBeTruthy()
})
