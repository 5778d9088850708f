import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Tool } from "#core/contract/tools"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { TryOut } from "./try-out.tsx"

const execution = "exec_0001JD0000000000000000000000"
const newTool = (id: string, more: object = {}): Tool =>
  Tool.parse({
    id,
    name: "half",
    description: "Halves",
    kind: "isolate",
    version: 3,
    input_schema: {
      type: "object",
      properties: { n: { type: "integer", title: "Number" }, more: { type: "object", title: "More" } },
      required: ["n"],
    },
    execution_config: { source: "export default () => 1" },
    created_by: "user_1",
    created_at: "2026-11-21T09:00:00.000Z",
    updated_at: "2026-11-21T09:00:00.000Z",
    ...more,
  })

const at = "2026-11-21T09:00:00.000Z"
const place = { node_id: "tool", scope: "", attempt: 1 }
const journal = (...more: object[]) =>
  [{ type: "execution.created", data: { flow_id: "tool_1", inputs: {} } }, ...more].map((event, i) => ({
    seq: i + 1,
    at,
    ...event,
  }))

type Sent = { path: string; body: unknown; key: string | null }
type Answer = { status: number; body: object }

function serve(events: object[], refusal?: Answer, findings: object[] = []): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    const path = address.replace("/api/v1", "").replace(/\?.*/, "")
    if (init.method === "POST" && !path.endsWith("/validate")) {
      const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined
      sent.push({ path, body, key: new Headers(init.headers).get("idempotency-key") })
    }
    const answer: Answer = path.endsWith("/invoke")
      ? (refusal ?? { status: 202, body: { execution_id: execution, status: "queued" } })
      : path.endsWith("/events")
        ? { status: 200, body: { events, has_more: false } }
        : path.endsWith("/validate")
          ? { status: 200, body: { valid: true, findings, sample: { input: { n: 12 } } } }
          : { status: 200, body: {} }
    return Promise.resolve(Response.json(answer.body, { status: answer.status }))
  })
  return sent
}

const may = ["agent.read", "execution.start", "execution.read", "execution.cancel"]

function show(tool: Tool, isDirty = false, capabilities: readonly string[] = may) {
  const root = createRootRoute({ component: () => <TryOut tool={tool} isDirty={isDirty} /> })
  const router = createRouter({ routeTree: root, history: createMemoryHistory() })
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

beforeEach(() => {
  session.begin("token", "tenant_1")
  sessionStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

it("asks for what is missing, calls once with what fits, and keeps it for the next time", async () => {
  const user = userEvent.setup()
  const sent = serve(journal())
  const tool = newTool("tool_01JD0000000000000000000001")
  const { unmount } = show(tool)
  await user.click(await screen.findByRole("button", { name: "Run" }))
  expect(await screen.findByText("Fill this in")).toBeTruthy()
  expect(sent).toEqual([])
  await user.type(screen.getByLabelText("Number"), "4")
  await user.keyboard("{Control>}{Enter}{/Control}")
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ path: `/tools/${tool.id}/invoke`, body: { input: { n: 4 } } })
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
  unmount()
  show(tool)
  expect((await screen.findByLabelText<HTMLInputElement>("Number")).value).toBe("4")
})

it("shows what is printed, what it answers and how it stands", async () => {
  const user = userEvent.setup()
  const run = (type: string, data: object) => ({ type, ...place, data })
  serve(
    journal(
      { type: "execution.started", data: {} },
      run("node.started", { input: { n: 4 } }),
      run("tool.log", { message: "first\n", stream: "stdout" }),
      run("tool.log", { message: "careful\n", stream: "stderr" }),
      { type: "execution.succeeded", data: { outputs: { half: 2 } } },
    ),
  )
  show(newTool("tool_01JD0000000000000000000002"))
  await user.type(await screen.findByLabelText("Number"), "4")
  await user.click(screen.getByRole("button", { name: "Run" }))
  expect(await screen.findByText("Succeeded")).toBeTruthy()
  expect(screen.getByRole("group", { name: "Result" }).textContent).toContain("half: 2")
  expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull()
})

it("puts the server's words beside the argument", async () => {
  const user = userEvent.setup()
  const errors = [{ path: "input.n", message: "It is too small." }]
  const problem = {
    type: "about:blank",
    title: "",
    status: 422,
    detail: "No",
    code: "execution.inputs_invalid",
    request_id: "req_1",
    errors,
  }
  serve(journal(), { status: 422, body: problem })
  show(newTool("tool_01JD0000000000000000000003"))
  await user.type(await screen.findByLabelText("Number"), "1")
  await user.click(screen.getByRole("button", { name: "Run" }))
  expect(await screen.findByText("It is too small.")).toBeTruthy()
  expect(screen.getByLabelText("Number").getAttribute("aria-invalid")).toBe("true")
})

it("takes all arguments as JSON too, and an example of them", async () => {
  const user = userEvent.setup()
  const sent = serve(journal())
  show(newTool("tool_01JD0000000000000000000004"))
  await user.click(await screen.findByRole("button", { name: "Fill in an example" }))
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Number").value).toBe("12"))
  await user.click(screen.getByLabelText("JSON"))
  expect(screen.getByLabelText<HTMLTextAreaElement>("Arguments").value).toContain('"n": 12')
  await user.click(screen.getByRole("button", { name: "Run" }))
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ body: { input: { n: 12 } } }))
})

it("says that changes which are not saved are not called, and calls nothing for those who may not", async () => {
  serve(journal())
  const first = show(newTool("tool_01JD0000000000000000000005"), true)
  expect(await screen.findByText(/Calls version 3 as it is saved, without your changes/)).toBeTruthy()
  first.unmount()
  show(newTool("tool_01JD0000000000000000000006"), false, ["agent.read"])
  expect(await screen.findByText("Your role may not call tools.")).toBeTruthy()
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Run" }).disabled).toBe(true)
})

it("says before a call what stands in its way", async () => {
  const message = "No sandbox is set up here, so programs are not run."
  serve([], undefined, [{ code: "sandbox.unavailable", severity: "error", message }])
  show(newTool("tool_0001JD00000000000000000009"))
  expect(await screen.findByText(message)).toBeTruthy()
})
