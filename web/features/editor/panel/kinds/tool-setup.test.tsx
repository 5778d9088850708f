import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from "@tanstack/react-router"
import { act, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import type { ReactNode } from "react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { builtinTools } from "#core/tool/builtin/all"
import { scaffolds } from "#core/tool/scaffold"
import { useAtomValue } from "#web/state/jotai.ts"
import { session } from "#web/state/session.ts"
import { nodeAtom } from "../../atoms.ts"
import { openEditor } from "../../test-editor.tsx"
import { draft, node } from "../../test-flow.ts"
import { useFaults } from "../use-faults.ts"
import { ToolSetup } from "./tool-setup.tsx"

const toolId = "tool_01JD0000000000000000000000"
const python = scaffolds.find((one) => one.id === "python")!.tool
const tool = {
  ...python,
  id: toolId,
  version: 3,
  name: "send_report",
  description: "Sends a report.",
  risk: "danger",
  needs_approval: true,
  input_schema: {
    type: "object",
    properties: {
      to: { type: "string", description: "Whom to" },
      copies: { type: "integer", minimum: 1 },
      draft: { type: "boolean" },
      format: { enum: ["pdf", "csv"] },
      lines: { type: "array", items: { type: "number" } },
    },
    required: ["to", "copies"],
    additionalProperties: false,
  },
}
const builtin = builtinTools.map(({ definition }) => definition)
let isGone = false

beforeEach(() => {
  isGone = false
  session.begin("token", "tenant_01JD0000000000000000000000")
  vi.stubGlobal("fetch", async (address: string) => {
    const url = new URL(address, "http://page")
    if (url.pathname === `/api/v1/tools/${toolId}`)
      return isGone
        ? new Response(
            JSON.stringify({
              type: "about:blank",
              title: "Not found",
              status: 404,
              code: "tool.not_found",
              detail: "This tool does not exist.",
              request_id: "req_1",
            }),
            { status: 404, headers: { "content-type": "application/problem+json" } },
          )
        : new Response(JSON.stringify({ tool }), { status: 200 })
    const words = url.searchParams.get("search") ?? ""
    const tools = tool.name.includes(words) ? [tool] : []
    return new Response(JSON.stringify({ tools, builtin, total: tools.length }), { status: 200 })
  })
})
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

const Routed = ({ children }: { children: ReactNode }) => (
  <RouterContextProvider
    router={createRouter({
      routeTree: createRootRoute(),
      history: createMemoryHistory({ initialEntries: ["/"] }),
    })}
  >
    {children}
  </RouterContextProvider>
)

function Shown() {
  const one = useAtomValue(nodeAtom("step"))
  const faultAt = useFaults("step")
  return one ? <ToolSetup node={one} faultAt={faultAt} /> : null
}

function open(data: object, mayEdit = true) {
  const editor = openEditor(
    draft([node("step", "tool", data as never)]),
    <Routed>
      <Shown />
    </Routed>,
    mayEdit,
  )
  return () => editor.draft().nodes[0]
}

it("finds a tool with its kind and its risk, says what it does, and calls the step after it", async () => {
  const user = userEvent.setup()
  const now = open({ tool_id: "", inputs: {} })
  await user.type(screen.getByRole("combobox", { name: "Tool" }), "send")
  await user.click(await screen.findByRole("option", { name: /send_report.*Python program · acts outside/ }))
  expect(now()).toMatchObject({ label: "send_report", data: { tool_id: toolId } })
  expect(await screen.findByText("Sends a report.")).toBeTruthy()
  expect(screen.getByText("Asks first")).toBeTruthy()
  expect(screen.getByText("version 3")).toBeTruthy()
})

it("offers builtin tools, but for those that only agents have something to do with", async () => {
  const user = userEvent.setup()
  const now = open({ tool_id: "", inputs: {} })
  await user.click(screen.getByRole("combobox", { name: "Tool" }))
  const names = (await screen.findAllByRole("option")).map((one) => one.textContent)
  expect(names.some((name) => name.startsWith("recall"))).toBe(false)
  await user.click(screen.getByRole("option", { name: /^time.*Builtin · reads/ }))
  expect(now()?.data["tool_id"]).toBe("builtin:time")
})

it("has a field for each argument that takes a value of its type or an expression, and says what is missing", async () => {
  const user = userEvent.setup()
  const now = open({ tool_id: toolId, inputs: {} })
  const field = async (name: string) => screen.findByLabelText(new RegExp(`^${name}`))
  expect((await field("to")).getAttribute("aria-invalid")).toBe("true")
  expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual([
    "The tool needs this argument.",
    "The tool needs this argument.",
  ])
  await user.click(await field("to"))
  await user.paste("{{ input.who }}")
  await user.type(await field("copies"), "0")
  expect(screen.getByRole("alert").textContent).toMatch(/minimum|less|0/i)
  await user.type(await field("copies"), "{Backspace}2")
  await user.selectOptions(await field("draft"), "Yes")
  await user.selectOptions(await field("format"), "csv")
  await user.click(await field("lines"))
  await user.paste("[1, 2.5]")
  expect(screen.queryByRole("alert")).toBeNull()
  expect(now()?.data["inputs"]).toEqual({
    to: "{{ input.who }}",
    copies: 2,
    draft: true,
    format: "csv",
    lines: [1, 2.5],
  })
  await user.click(screen.getAllByRole("button", { name: "Use an expression" })[0]!)
  expect(now()?.data["inputs"]).toMatchObject({ draft: "{{  }}" })
  await user.click(screen.getByRole("button", { name: "Choose a value" }))
  expect(now()?.data["inputs"]).not.toHaveProperty("draft")
})

it("takes one expression for all arguments, and says when a text is none", async () => {
  const user = userEvent.setup()
  const now = open({ tool_id: toolId, inputs: {} })
  await user.click(await screen.findByLabelText("One expression"))
  expect(now()?.data["inputs"]).toBe("{{ input }}")
  await user.clear(screen.getByLabelText("Expression"))
  await user.type(screen.getByLabelText("Expression"), "input")
  expect(screen.getByRole("alert").textContent).toBe("Write an expression that makes an object.")
})

it("names arguments that the tool has no longer, and takes them away", async () => {
  const user = userEvent.setup()
  const now = open({ tool_id: toolId, inputs: { to: "Ana", copies: 1, subject: "Old" } })
  await user.click(await screen.findByRole("button", { name: "Remove subject" }))
  expect(now()?.data["inputs"]).toEqual({ to: "Ana", copies: 1 })
})

it("says that a tool is gone, and keeps its arguments for another", async () => {
  isGone = true
  const now = open({ tool_id: toolId, inputs: { to: "Ana" } })
  expect(await screen.findByDisplayValue("This tool is gone")).toBeTruthy()
  expect(screen.getByText(/does not exist any more/)).toBeTruthy()
  expect(screen.getByLabelText<HTMLTextAreaElement>("Arguments").value).toContain("Ana")
  const user = userEvent.setup()
  await user.click(screen.getByRole("combobox", { name: "Tool" }))
  await user.click(await screen.findByRole("option", { name: /^time/ }))
  expect(now()?.data["inputs"]).toEqual({ to: "Ana" })
})

it("is only read by those who may not change the flow", async () => {
  open({ tool_id: toolId, inputs: { to: "Ana", copies: 1 } }, false)
  expect(await screen.findByLabelText<HTMLTextAreaElement>(/^to/)).toHaveProperty("readOnly", true)
  expect(within(document.body).queryByRole("radiogroup")).toBeNull()
  await act(async () => undefined)
})
