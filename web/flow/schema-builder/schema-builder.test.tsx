import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it, vi } from "vitest"
import type { JsonObject } from "#core/json"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { SchemaBuilder } from "./schema-builder.tsx"

const start: JsonObject = {
  type: "object",
  properties: {
    city: { type: "string", minLength: 2, description: "Where" },
    when: { anyOf: [{ type: "string" }, { type: "null" }] },
  },
  required: ["city"],
  additionalProperties: false,
}

function open(schema: JsonObject, readOnly = false) {
  const heard = vi.fn<(schema: JsonObject) => void>()
  function Page() {
    const [value, setValue] = useState(schema)
    const change = (next: JsonObject) => {
      setValue(next)
      heard(next)
    }
    return (
      <TooltipProvider>
        <SchemaBuilder
          label="Arguments"
          one="argument"
          value={value}
          onChange={change}
          readOnly={readOnly}
          fault={undefined}
        />
      </TooltipProvider>
    )
  }
  render(<Page />)
  return () => heard.mock.lastCall?.[0]
}

const line = (name: string) => screen.getByRole("button", { name: new RegExp(`^${name}`) })

it("changes one field and leaves all else as it is", async () => {
  const made = open(start)
  await userEvent.click(line("city"))
  expect(screen.getByText("minLength")).toBeTruthy()
  await userEvent.click(screen.getByRole("checkbox", { name: "Required" }))
  const box = screen.getByRole("textbox", { name: "Name" })
  await userEvent.clear(box)
  expect(screen.getByRole("alert").textContent).toBe("Enter a name")
  await userEvent.type(box, "when")
  expect(screen.getByRole("alert").textContent).toBe("Another field has this name")
  await userEvent.type(box, "ce")
  expect(made()).toEqual({
    type: "object",
    properties: {
      whence: { type: "string", minLength: 2, description: "Where" },
      when: start["properties"]!["when" as never],
    },
    additionalProperties: false,
  })
})

it("builds lists of objects, which are the same in the form that it makes", async () => {
  const made = open({ type: "object", properties: {} })
  await userEvent.click(screen.getByRole("button", { name: "Add an argument" }))
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Type" }), "List")
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Each entry is" }), "Object")
  const entry = screen.getByRole("group", { name: "Each entry" })
  await userEvent.click(within(entry).getByRole("button", { name: "Add a field" }))
  await userEvent.selectOptions(within(entry).getByRole("combobox", { name: "Type" }), "Number")
  const choices = within(entry).getByRole("textbox", { name: /^Choices/ })
  await userEvent.type(choices, "1\nx")
  expect(screen.getByRole("alert").textContent).toBe("Every line has to be a number")
  await userEvent.type(choices, "{Backspace}2")
  expect(made()).toEqual({
    type: "object",
    properties: {
      field: {
        type: "array",
        items: {
          type: "object",
          properties: { field: { type: "number", enum: [1, 2] } },
          required: ["field"],
        },
      },
    },
    required: ["field"],
  })
})

it("shows the form that somebody will fill in", async () => {
  open({
    type: "object",
    properties: { size: { type: "string", enum: ["small", "large"] } },
    required: ["size"],
  })
  await userEvent.click(screen.getByRole("radio", { name: "Form" }))
  const options = within(screen.getByRole("combobox", { name: "size" })).getAllByRole("option")
  expect(options.map((one) => one.textContent)).toEqual(["Choose…", "small", "large"])
})

it("writes as JSON what is beyond fields, and offers nothing to those who may only look", async () => {
  open({ $ref: "#/$defs/x", $defs: { x: { type: "object" } } }, true)
  await userEvent.click(screen.getByRole("radio", { name: "Fields" }))
  expect(screen.getByText(/says more than fields can show/)).toBeTruthy()
  expect(screen.queryByRole("button", { name: /Add/ })).toBeNull()
})
