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
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { ImportOpenApiPage } from "./openapi-page.tsx"

const operation = (path: string, name: string | null, tags: string[] = []) => ({
  key: `GET ${path}`,
  method: "GET",
  path,
  summary: `About ${path}`,
  tags,
  deprecated: false,
  tool: name && {
    name,
    description: "",
    risk: "read",
    needs_approval: false,
    arguments: ["id"],
    taken: false,
  },
  problems: name ? [] : [{ at: `#/paths/~1${path.slice(1)}/get`, message: "It is broken." }],
  notes: [],
  security: [["token"]],
})

const reply = {
  title: "Shop",
  version: "1",
  openapi: "3.1.0",
  servers: ["https://api.example.com"],
  credentials: [{ scheme: "token", kind: "bearer", description: "" }],
  operations: [
    operation("/orders", "orders", ["shop"]),
    operation("/lines", "lines", ["more"]),
    operation("/odd", null),
  ],
  tools: [],
}

type Body = { document?: string; operations?: { key: string; name: string }[]; prefix?: string }
let sent: Body[] = []

function serve(answer: (body: Body) => { status: number; body: object }) {
  sent = []
  vi.stubGlobal("fetch", (_address: string, init: RequestInit) => {
    if (init.method !== "POST")
      return Promise.resolve(Response.json({ credentials: [], total: 0, page_info: { has_next: false } }))
    const body = JSON.parse(typeof init.body === "string" ? init.body : "{}") as Body
    sent.push(body)
    const given = answer(body)
    return Promise.resolve(Response.json(given.body, { status: given.status }))
  })
}

const made = (body: Body) => ({
  status: 200,
  body: {
    ...reply,
    tools: (body.operations ?? []).map(({ name }, i) => ({ id: `tool_${i}`, name, risk: "read" })),
  },
})

function open(capabilities: readonly string[] = ["agent.read", "agent.edit", "credential.read"]) {
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const page = createRoute({
    getParentRoute: () => inside,
    path: "/tools/import/openapi",
    component: ImportOpenApiPage,
  })
  const router = createRouter({
    routeTree: root.addChildren([shell.addChildren([inside.addChildren([page])])]),
    history: createMemoryHistory({ initialEntries: ["/tools/import/openapi"] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, { user: { id: "user_1" }, capabilities })
  return render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router as never} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}

beforeEach(() => session.begin("token", "tenant_1"))
afterEach(() => vi.unstubAllGlobals())

const read = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.type(await screen.findByLabelText("Document"), "openapi")
  await user.click(screen.getByRole("button", { name: "Read the document" }))
}

it("says what is wrong with a document beside it, and reads the mended one", async () => {
  const user = userEvent.setup()
  const errors = [{ path: "document#/paths/~1x", message: "A path holds an object." }]
  const problem = {
    type: "about:blank",
    title: "",
    status: 422,
    detail: "No",
    code: "tool.unreadable",
    request_id: "req_1",
    errors,
  }
  serve((body) => (body.document === "openapi" ? { status: 422, body: problem } : made(body)))
  open()
  await read(user)
  expect(await screen.findByText("paths › /x: A path holds an object.")).toBeTruthy()
  const field = screen.getByLabelText<HTMLTextAreaElement>("Document")
  expect(field.value).toBe("openapi")
  await user.type(field, ": 3.1.0")
  await user.click(screen.getByRole("button", { name: "Read the document" }))
  expect(await screen.findByText("0 of 3 chosen")).toBeTruthy()
})

it("chooses what can be a tool, and says which names keep them from being made", async () => {
  const user = userEvent.setup()
  serve(made)
  open()
  await read(user)
  await screen.findByText("0 of 3 chosen")
  expect(screen.getByLabelText<HTMLInputElement>("Select GET /odd").disabled).toBe(true)
  await user.click(screen.getByRole("button", { name: "Choose all" }))
  expect(screen.getByText("2 of 3 chosen")).toBeTruthy()
  await user.click(screen.getByRole("row", { name: "GET /lines" }))
  const name = await screen.findByLabelText("Name")
  await user.clear(name)
  await user.type(name, "orders")
  expect(screen.getByText(/2 that you chose need a change/)).toBeTruthy()
  await user.type(name, "_lines")
  await waitFor(() => expect(screen.queryByText(/need a change/)).toBeNull())
})

it("is not there for those who may not make tools", async () => {
  serve(made)
  open(["agent.read"])
  expect(await screen.findByText("Your role may not make tools")).toBeTruthy()
})
