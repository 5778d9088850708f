import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { HttpTool } from "#core/tool/tool"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import type { HttpToolRow } from "./queries.ts"
import ToolDialog from "./tool-dialog.tsx"

const at = "2026-11-21T09:00:00.000Z"
const credential = "cred_01JD0000000000000000000000"
const draft = HttpTool.parse({
  name: "find_order",
  description: "Finds an order",
  kind: "http",
  input_schema: {
    type: "object",
    properties: { number: { type: "string" } },
    required: ["number"],
    additionalProperties: false,
  },
  execution_config: { url: "https://shop.example/{{ input.number }}", timeout_ms: 5_000 },
})
const tool: HttpToolRow = {
  ...draft,
  id: "tool_01JD0000000000000000000000",
  version: 3,
  created_by: "user_1",
  created_at: at,
  updated_at: at,
}

type Sent = { method: string; path: string; ifMatch: string | null; body: unknown }
type Refusal = { status: number; code: string; errors?: { path: string; message: string }[] }

function open(edited: HttpToolRow | null, refusal?: Refusal) {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const path = address.replace("/api/v1", "").replace(/\?.*/, "")
    if (path === "/credentials") {
      const credentials = [{ id: credential, name: "Shop", is_active: true }]
      return new Response(JSON.stringify({ credentials, total: 1 }), { status: 200 })
    }
    const body = JSON.parse(init.body as string) as object
    sent.push({
      method: init.method ?? "GET",
      path,
      ifMatch: new Headers(init.headers).get("if-match"),
      body,
    })
    if (!refusal) return new Response(JSON.stringify({ tool: { ...tool, ...body } }), { status: 201 })
    const problem = {
      type: "about:blank",
      title: "Refused",
      detail: "Refused",
      request_id: "req_1",
      ...refusal,
    }
    return new Response(JSON.stringify(problem), { status: refusal.status })
  })
  const onClose = vi.fn()
  const onMade = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <TooltipProvider>
        <ToolDialog tool={edited} onClose={onClose} onMade={onMade} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { sent, onClose, onMade }
}

/** The tool's own field; an argument has some of the same names. */
const box = (name: string) => screen.getAllByRole("textbox", { name })[0]!

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("says beside the first field what is missing, and sends nothing", async () => {
  const { sent } = open(null)
  await userEvent.type(box("Name"), "Find order")
  await userEvent.click(screen.getByRole("button", { name: "Create tool" }))
  expect(await screen.findByText(/Use a small letter/)).toBeTruthy()
  expect(screen.getByText("Say what it does")).toBeTruthy()
  expect(screen.getByText("Enter an address")).toBeTruthy()
  await waitFor(() => expect(document.activeElement).toBe(box("Name")))
  expect(sent).toEqual([])
})

it("makes a request of its parts: arguments, headers, a credential and a body that keeps its types", async () => {
  const user = userEvent.setup()
  const { sent, onMade, onClose } = open(null)
  await user.type(box("Name"), "add_order")
  await user.type(box("Description"), "Adds an order")
  await user.click(screen.getByRole("button", { name: "Add an argument" }))
  const argument = within(screen.getByRole("group", { name: "Argument 1" }))
  await user.type(argument.getByRole("textbox", { name: "Name" }), "count")
  await user.selectOptions(argument.getByRole("combobox", { name: "Type" }), "integer")
  expect(screen.queryByLabelText(/^Body/)).toBeNull()
  await user.selectOptions(screen.getByRole("combobox", { name: "Method" }), "POST")
  await user.type(box("Address"), "https://shop.example/orders")
  await user.selectOptions(await screen.findByRole("combobox", { name: "Credential" }), "Shop")
  await user.click(screen.getByRole("button", { name: "Add a header" }))
  await user.type(box("Name of header 1"), "x-shop")
  await user.type(box("Value of header 1"), "harbour")
  await user.click(screen.getByLabelText(/^Body/))
  await user.paste('{ "count": "{{ input.count }}" }')
  await user.click(screen.getByRole("switch", { name: "Ask a person first" }))
  await user.click(screen.getByRole("button", { name: "Create tool" }))
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(onMade).toHaveBeenCalledOnce()
  expect(sent[0]).toMatchObject({
    method: "POST",
    path: "/tools",
    body: {
      name: "add_order",
      needs_approval: true,
      input_schema: { properties: { count: { type: "integer" } }, required: ["count"] },
      execution_config: {
        method: "POST",
        url: "https://shop.example/orders",
        headers: { "x-shop": "harbour" },
        credential_id: credential,
        body: { count: "{{ input.count }}" },
      },
    },
  })
})

it("changes a tool on top of the version that was read, and keeps what it does not show", async () => {
  const { sent, onClose } = open(tool)
  await userEvent.type(box("Description"), " by its number")
  await userEvent.click(screen.getByRole("button", { name: "Save changes" }))
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(sent[0]).toMatchObject({
    method: "PUT",
    ifMatch: '"v3"',
    body: { description: "Finds an order by its number", execution_config: { timeout_ms: 5_000 } },
  })
})

it.each([
  ["a name that another tool has", { status: 409, code: "conflict.duplicate" }, "Name"],
  [
    "an address that the server refuses",
    {
      status: 400,
      code: "request.invalid",
      errors: [{ path: "execution_config.url", message: "Not that one" }],
    },
    "Address",
  ],
])("puts %s beside its field and stays open", async (_, refusal, field) => {
  const { onClose } = open(tool, refusal)
  await userEvent.click(screen.getByRole("button", { name: "Save changes" }))
  await waitFor(() => expect(box(field).getAttribute("aria-invalid")).toBe("true"))
  expect(onClose).not.toHaveBeenCalled()
})

it("says that another has changed the tool meanwhile, and keeps what was typed", async () => {
  const { onClose } = open(tool, { status: 412, code: "conflict.stale" })
  await userEvent.type(box("Description"), "!")
  await userEvent.click(screen.getByRole("button", { name: "Save changes" }))
  await screen.findByRole("alert")
  expect(box("Description")).toHaveProperty("value", "Finds an order!")
  expect(onClose).not.toHaveBeenCalled()
})
