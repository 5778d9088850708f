import { act, fireEvent, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { useAtomValue } from "#web/state/jotai.ts"
import { nodeAtom } from "../../atoms.ts"
import { panelFields } from "../../model/schema-fields.ts"
import { openEditor } from "../../test-editor.tsx"
import { draft, edge, node } from "../../test-flow.ts"
import { useFaults } from "../use-faults.ts"
import { FieldControl } from "./field-control.tsx"

/** All fields of a node, as the panel shows them. */
function Fields({ id }: { id: string }) {
  const shown = useAtomValue(nodeAtom(id))
  const faultAt = useFaults(id)
  if (!shown) return null
  const { own, common } = panelFields(shown.type)
  return [...own, ...common].map((field) => (
    <FieldControl key={field.path} node={shown} field={field} faultAt={faultAt} />
  ))
}

function show(type: string, data = {}, mayEdit = true) {
  const flow = draft(
    [node("input", "input"), node("here", type, data), node("output", "output")],
    [edge("input", "here"), edge("here", "output", type === "condition" ? "yes" : "out")],
  )
  const editor = openEditor(flow, <Fields id="here" />, mayEdit)
  return { ...editor, data: () => editor.draft().nodes[1]!.data }
}

it("writes what is typed into the node's data, and takes an emptied field away", async () => {
  const { data } = show("llm", { prompt: "x" })
  await userEvent.type(screen.getByLabelText("System prompt"), "Be kind")
  expect(data()["system"]).toBe("Be kind")
  await userEvent.clear(screen.getByLabelText("System prompt"))
  expect(data()).not.toHaveProperty("system")
})

it("keeps a field that must be there, and says beside it what is missing", async () => {
  const { data } = show("llm", { prompt: "x" })
  await userEvent.clear(screen.getByLabelText("Prompt"))
  expect(data()["prompt"]).toBe("")
  expect(screen.getByRole("alert").textContent).toContain("Write the prompt")
  expect(screen.getByLabelText("Prompt").getAttribute("aria-invalid")).toBe("true")
})

it("takes numbers, leaves half a number in the field, and empties to nothing", async () => {
  const { data } = show("llm", { prompt: "x" })
  const temperature = screen.getByLabelText<HTMLInputElement>("Temperature")
  await userEvent.type(temperature, "0.7")
  expect(data()["temperature"]).toBe(0.7)
  fireEvent.change(temperature, { target: { value: "1e" } })
  expect([temperature.value, data()["temperature"]]).toEqual(["1e", 0.7])
  await userEvent.clear(temperature)
  expect(data()).not.toHaveProperty("temperature")
})

it("says what keeps a schema from being JSON, and keeps the last whole one", () => {
  const { data } = show("llm", { prompt: "x", output_schema: { type: "object" } })
  const field = screen.getByLabelText<HTMLTextAreaElement>("Output schema")
  fireEvent.change(field, { target: { value: '{ "type": ' } })
  expect(screen.getByRole("alert").textContent).toMatch(/not JSON yet/)
  expect(data()["output_schema"]).toEqual({ type: "object" })
  fireEvent.change(field, { target: { value: '{ "type": "nonsense" }' } })
  expect(data()["output_schema"]).toEqual({ type: "nonsense" })
  expect(screen.getByRole("alert").textContent).toMatch(/string, number/)
})

it("follows a value that was changed elsewhere, such as by undo", () => {
  const { commands } = show("llm", { prompt: "x", output_schema: { type: "object" } })
  const field = screen.getByLabelText<HTMLTextAreaElement>("Output schema")
  fireEvent.change(field, { target: { value: '{ "type": "array" }' } })
  act(commands.undo)
  expect(JSON.parse(field.value)).toEqual({ type: "object" })
})

it("brings a group with what the schema starts with, and takes it away whole", async () => {
  const { data } = show("llm", { prompt: "x" })
  await userEvent.click(screen.getByRole("switch", { name: "Retry" }))
  expect(data()["retry"]).toEqual({ max_attempts: 3, backoff_ms: 1000, factor: 2 })
  await userEvent.type(screen.getByLabelText("Only for"), "model.timeout, model.")
  expect(data()["retry"]).toMatchObject({ on: ["model.timeout", "model."] })
  await userEvent.click(screen.getByRole("switch", { name: "Retry" }))
  expect(data()).not.toHaveProperty("retry")
})

it("adds, renames, orders and removes the routes of a condition, with their edges", async () => {
  const { data, draft: now } = show("condition", { branches: [{ id: "yes", when: "true" }] })
  await userEvent.type(screen.getByLabelText("Route 1"), "_sir")
  expect(now().edges[1]).toMatchObject({ source: "here", source_handle: "yes_sir" })
  await userEvent.click(screen.getByRole("button", { name: "Add a route" }))
  await userEvent.type(screen.getAllByLabelText("When")[1]!, "input.n > 1")
  expect(data()["branches"]).toEqual([
    { id: "yes_sir", when: "true" },
    { id: "route", when: "input.n > 1" },
  ])
  await userEvent.click(screen.getAllByRole("button", { name: "Try later" })[0]!)
  expect(data()["branches"]).toMatchObject([{ id: "route" }, { id: "yes_sir" }])
  await userEvent.click(screen.getByRole("button", { name: "Remove route yes_sir" }))
  expect(now().edges.map((one) => one.id)).toEqual(["input-here"])
})

it("puts data from upstream where the caret is", async () => {
  const { data } = show("llm", { prompt: "Sum up: " })
  const picker = screen.getByLabelText("Prompt").closest("div.relative")!.parentElement!.parentElement!
  await userEvent.click(within(picker).getByRole("button", { name: "Insert data" }))
  await userEvent.click(await screen.findByRole("button", { name: /^input/ }))
  expect(data()["prompt"]).toBe("Sum up: {{ input }}")
})

it("lets those who may not edit look, and change nothing", () => {
  show("llm", { prompt: "x", retry: { max_attempts: 2 } }, false)
  for (const box of screen.getAllByRole<HTMLTextAreaElement>("textbox"))
    expect(box.readOnly || box.disabled).toBe(true)
  for (const box of screen.getAllByRole<HTMLSelectElement>("combobox")) expect(box.disabled).toBe(true)
  expect(screen.queryByRole("button", { name: "Insert data" })).toBeNull()
})
