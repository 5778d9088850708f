import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { useAtomValue } from "#web/state/jotai.ts"
import { nodeAtom, pinsAtom } from "../../atoms.ts"
import { openEditor } from "../../test-editor.tsx"
import { draft, edge, node } from "../../test-flow.ts"
import { FieldControl } from "../fields/field-control.tsx"
import { PinSection } from "../pin-section.tsx"
import { useFaults } from "../use-faults.ts"
import { panelFields } from "../../model/schema-fields.ts"
import { HttpSetup } from "./http-setup.tsx"
import { WaitSetup } from "./wait-setup.tsx"

function Shown({ id, as: As }: { id: string; as: typeof HttpSetup }) {
  const one = useAtomValue(nodeAtom(id))
  const faultAt = useFaults(id)
  return one ? <As node={one} faultAt={faultAt} /> : null
}
const dataOf = ({ draft: now }: ReturnType<typeof openEditor>, id: string) =>
  now().nodes.find((one) => one.id === id)?.data

it("writes headers line by line, and loses none that has no name yet", async () => {
  const user = userEvent.setup()
  const editor = openEditor(
    draft([node("call", "http", { method: "GET", url: "https://x" })]),
    <Shown id="call" as={HttpSetup} />,
  )
  await user.click(screen.getByRole("button", { name: "Add a header" }))
  await user.type(screen.getByRole("textbox", { name: "Value of header 1" }), "one")
  expect(dataOf(editor, "call")).not.toHaveProperty("headers")
  await user.type(screen.getByRole("combobox", { name: "Name of header 1" }), "X-Id")
  expect(dataOf(editor, "call")).toMatchObject({ headers: { "X-Id": "one" } })
  await user.click(screen.getByRole("button", { name: "Remove header X-Id" }))
  expect(dataOf(editor, "call")).not.toHaveProperty("headers")
})

it("offers a body only where the method carries one, as JSON or as text", async () => {
  const user = userEvent.setup()
  const editor = openEditor(
    draft([node("call", "http", { method: "GET", url: "https://x" })]),
    <Shown id="call" as={HttpSetup} />,
  )
  expect(screen.queryByText("Body")).toBeNull()
  await user.selectOptions(screen.getByLabelText("Method"), "POST")
  const kinds = screen.getByRole("radiogroup", { name: "The body is" })
  await user.click(within(kinds).getByRole("radio", { name: "JSON" }))
  await user.click(screen.getByLabelText("Body"))
  await user.paste('{ "a": "{{ input.a }}" }')
  expect(dataOf(editor, "call")).toMatchObject({ body: { a: "{{ input.a }}" } })
  await user.click(within(kinds).getByRole("radio", { name: "Text" }))
  expect(typeof dataOf(editor, "call")?.["body"]).toBe("string")
  await user.click(within(kinds).getByRole("radio", { name: "None" }))
  expect(dataOf(editor, "call")).not.toHaveProperty("body")
})

it("waits for one thing at a time, and says the address to call", async () => {
  const user = userEvent.setup()
  const editor = openEditor(
    draft([node("rest", "wait", { seconds: 60 })]),
    <Shown id="rest" as={WaitSetup} />,
  )
  expect(screen.getByLabelText("Unit")).toHaveProperty("value", "60000")
  await user.selectOptions(screen.getByLabelText("Unit"), "hours")
  expect(dataOf(editor, "rest")).toEqual({ seconds: 3_600 })
  await user.click(screen.getByRole("radio", { name: "Call" }))
  expect(dataOf(editor, "rest")).toEqual({ callback: true })
  screen.getByText("{{ execution.callbacks.rest }}")
  await user.click(screen.getByRole("radio", { name: "Date" }))
  expect(dataOf(editor, "rest")).toEqual({ until: "" })
})

it("names a button's route after what the button says, until somebody names it, and keeps its edges", async () => {
  const user = userEvent.setup()
  const buttons = panelFields("approval").own.find((field) => field.path === "buttons")!
  const Buttons: typeof HttpSetup = (props) => <FieldControl {...props} field={buttons} />
  const editor = openEditor(
    draft(
      [
        node("ask", "approval", { title: "?", buttons: [{ id: "yes", label: "Yes" }] }),
        node("next", "llm", { prompt: "x" }),
      ],
      [edge("ask", "next", "yes")],
    ),
    <Shown id="ask" as={Buttons} />,
  )
  const [says] = screen.getAllByLabelText("Says")
  await user.clear(says!)
  await user.type(says!, "Send it")
  expect(dataOf(editor, "ask")).toMatchObject({ buttons: [{ id: "send_it", label: "Send it" }] })
  expect(editor.draft().edges[0]?.source_handle).toBe("send_it")
  const route = screen.getByLabelText("Route")
  await user.clear(route)
  await user.type(route, "go")
  await user.type(says!, "!")
  expect(dataOf(editor, "ask")).toMatchObject({ buttons: [{ id: "go", label: "Send it!" }] })
})

it("pins an output of one's own, which follows a new name and is taken back", async () => {
  const user = userEvent.setup()
  const step = node("step", "transform", { value: "1" })
  const editor = openEditor(draft([step]), <PinSection node={step} />)
  await user.click(screen.getByRole("button", { name: "Pinned output" }))
  await user.click(screen.getByRole("button", { name: "Pin your own" }))
  await user.clear(screen.getByLabelText("Output"))
  await user.click(screen.getByLabelText("Output"))
  await user.paste("[1, 2]")
  expect(editor.store.get(pinsAtom)).toEqual({ step: [1, 2] })
  editor.commands.rename("step", "other")
  expect(editor.store.get(pinsAtom)).toEqual({ other: [1, 2] })
})
