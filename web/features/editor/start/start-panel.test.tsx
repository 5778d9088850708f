import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { session } from "#web/state/session.ts"
import { watchedIdAtom } from "../atoms.ts"
import { openEditor } from "../test-editor.tsx"
import { draft, edge, node } from "../test-flow.ts"
import { StartPanel } from "./start-panel.tsx"

const flow = {
  ...draft([node("input", "input"), node("output", "output")], [edge("input", "output")]),
  input_schema: {
    type: "object",
    properties: {
      mail: { type: "string", title: "Mail" },
      days: { type: "integer", title: "Days", minimum: 0 },
      tone: { type: "string", title: "Tone", enum: ["kind", "short"], default: "kind" },
      tags: { type: "array", title: "Tags" },
    },
    required: ["mail"],
    additionalProperties: false,
  },
}

const answer = (status: number, body: object) => new Response(JSON.stringify(body), { status })
const accepted = { execution_id: "exec_0001JD0000000000000000000000", status: "queued" }
const server = vi.fn<typeof fetch>()

beforeEach(() => {
  session.begin("token", "tenant")
  server.mockReset().mockImplementation(async () => answer(202, accepted))
  vi.stubGlobal("fetch", server)
  sessionStorage.clear()
})
afterEach(() => session.end("left"))

const sent = (): unknown => {
  const body = server.mock.calls[0]?.[1]?.body
  return typeof body === "string" ? JSON.parse(body) : body
}
const run = () => userEvent.click(screen.getByRole("button", { name: "Run" }))

it("asks for what the flow takes, starts the draft with it and watches it", async () => {
  const { store } = openEditor(flow, <StartPanel />)
  await userEvent.type(screen.getByLabelText("Mail"), "Hello")
  await userEvent.type(screen.getByLabelText(/^Days/), "3")
  await userEvent.selectOptions(screen.getByLabelText(/^Tone/), "short")
  await userEvent.type(screen.getByLabelText(/^Tags/), '[["a"]')
  await run()
  await waitFor(() => expect(store.get(watchedIdAtom)).toBe(accepted.execution_id))
  expect(sent()).toEqual({
    inputs: { mail: "Hello", days: 3, tone: "short", tags: ["a"] },
    config: { version: "draft" },
  })
})

it("sends nothing while something is missing, and puts the keyboard where it is", async () => {
  openEditor(flow, <StartPanel />)
  await run()
  expect(server).not.toHaveBeenCalled()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Mail")))
  expect(screen.getByRole("alert").textContent).toContain("Fill this in")
})

it("sends nothing while a field holds half a JSON value", async () => {
  openEditor(flow, <StartPanel />)
  await userEvent.type(screen.getByLabelText("Mail"), "Hello")
  await userEvent.type(screen.getByLabelText(/^Tags/), "[[1")
  await run()
  expect(server).not.toHaveBeenCalled()
  expect(screen.getByRole("alert").textContent).toMatch(/not JSON yet/)
})

it("puts what the server finds beside the field", async () => {
  server.mockImplementation(async () =>
    answer(422, {
      type: "about:blank",
      title: "Invalid",
      status: 422,
      detail: "The inputs do not match the flow's input schema.",
      code: "execution.inputs_invalid",
      request_id: "req_1",
      errors: [{ path: "inputs.days", message: "Too many days" }],
    }),
  )
  const { store } = openEditor(flow, <StartPanel />)
  await userEvent.type(screen.getByLabelText("Mail"), "Hello")
  await run()
  expect(await screen.findByText("Too many days")).toBeTruthy()
  expect(store.get(watchedIdAtom)).toBeNull()
})

it("takes any object as JSON where the flow names no inputs", async () => {
  const { input_schema: _none, ...open } = flow
  openEditor(open, <StartPanel />)
  await userEvent.type(screen.getByLabelText("Inputs"), '{{ "a": 1 }')
  await run()
  await waitFor(() => expect(server).toHaveBeenCalled())
  expect(sent()).toMatchObject({ inputs: { a: 1 } })
})

it("does not start a flow that has errors", async () => {
  openEditor({ ...flow, nodes: [] }, <StartPanel />)
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Run" }).disabled).toBe(true)
  expect(screen.getByText("Mend the errors first.")).toBeTruthy()
})

it("remembers what was entered, for the next time in this tab", async () => {
  const first = openEditor(flow, <StartPanel />)
  await userEvent.type(screen.getByLabelText("Mail"), "Hello")
  await run()
  await waitFor(() => expect(server).toHaveBeenCalled())
  await waitFor(() => expect(first.store.get(watchedIdAtom)).not.toBeNull())
  first.view.unmount()
  openEditor(flow, <StartPanel />)
  expect(screen.getByLabelText<HTMLInputElement>("Mail").value).toBe("Hello")
})
