import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it, vi } from "vitest"
import type { JsonSchema } from "#core/flow/graph"
import { templates } from "#core/flow/templates"
import { propertiesOf } from "#web/flow/schema-builder/model.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { SchemaPart, type SchemaFault } from "./schema-part.tsx"

function open(start: JsonSchema | undefined, faults: SchemaFault[] = [], isOpen = false) {
  const heard = vi.fn<(schema: JsonSchema | undefined) => void>()
  function Page() {
    const [schema, setSchema] = useState(start)
    return (
      <TooltipProvider>
        <SchemaPart
          label="Inputs"
          schema={schema}
          onChange={(next) => {
            setSchema(next)
            heard(next)
          }}
          readOnly={false}
          faults={faults}
          empty="No fields yet"
          open={isOpen}
        />
      </TooltipProvider>
    )
  }
  render(<Page />)
  return () => heard.mock.lastCall?.[0]
}

const line = (name: string) => screen.getByRole("button", { name: new RegExp(`^${name}`) })
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }))

it("takes no other field than those it names from the first on, and anything again without the last", async () => {
  const made = open(undefined)
  expect(screen.getByText("No fields yet")).toBeTruthy()
  await press("Add a field")
  expect(made()).toEqual({
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
    additionalProperties: false,
  })
  await press("Remove text")
  expect(made()).toBeUndefined()
})

it("lets outputs have more than it names", async () => {
  const made = open(undefined, [], true)
  await press("Add a field")
  expect(made()).not.toHaveProperty("additionalProperties")
})

it("keeps what fields do not show, where it stands", async () => {
  const schema: JsonSchema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      mail: { type: "string", minLength: 2, format: "email" },
      either: { anyOf: [{ type: "string" }, { type: "null" }] },
    },
    required: ["mail"],
    minProperties: 1,
    $defs: { never: false },
  }
  const made = open(schema)
  await userEvent.click(line("mail"))
  await userEvent.type(screen.getByRole("textbox", { name: /^Title/ }), "Your address")
  expect(made()).toEqual({
    ...schema,
    properties: { ...(schema["properties"] as object), mail: { ...mailOf(schema), title: "Your address" } },
  })
  expect(Object.keys(made() ?? {})).toEqual(Object.keys(schema))
  await userEvent.click(screen.getByRole("radio", { name: "Form" }))
  expect(
    within(screen.getByRole("group", { name: "The form as it will look" })).getByText("Your address"),
  ).toBeTruthy()
})

const mailOf = (schema: JsonSchema) => (schema["properties"] as Record<string, object>)["mail"]

it("writes a schema of anything else as JSON, and says so", () => {
  open({ type: "string", minLength: 3 })
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "JSON" }).checked).toBe(true)
})

it("takes names that expressions can speak", async () => {
  const made = open(undefined)
  await press("Add a field")
  const name = screen.getByRole("textbox", { name: "Name" })
  await userEvent.type(name, " a")
  expect(screen.getByRole("alert").textContent).toBe("Use a letter, then letters, digits or _")
  expect(Object.keys(made()?.["properties"] ?? {})).toEqual(["text"])
})

it("says what is wrong beside the field, and of the whole below it", () => {
  open(
    { type: "object", properties: { days: { type: "integer", minimum: "one" }, text: { type: "string" } } },
    [
      { path: "properties.days.minimum", message: "minimum is a number." },
      { path: "required", message: "required is a list of property names." },
    ],
  )
  const [beside, below] = screen.getAllByRole("alert")
  expect(beside?.textContent).toBe("minimum is a number.")
  expect(within(beside!.closest("li")!).getByText("days")).toBeTruthy()
  expect(below?.textContent).toBe("required is a list of property names.")
  expect(below?.closest("li")).toBeNull()
})

it("shows the inputs of every template as fields", () => {
  for (const { flow } of templates) {
    if (flow.input_schema) expect(propertiesOf(flow.input_schema)).not.toBeNull()
  }
})
