import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import * as z from "zod"
import { Failure } from "#core/errors"
import { Field } from "./field.tsx"
import { Form } from "./form.tsx"
import { Input } from "./input.tsx"
import { useForm } from "./use-form.ts"

const schema = z.strictObject({
  name: z.string().min(1, { error: "Enter a name" }),
  config: z.strictObject({ url: z.url({ error: "Enter a URL" }) }),
})

type SampleProps = {
  submit: (body: z.infer<typeof schema>) => Promise<void>
  fieldOf?: (path: string) => string
}

function Sample({ submit, fieldOf = (path) => path.split(".").at(-1) ?? path }: SampleProps) {
  const form = useForm({
    initial: { name: "", url: "https://example.com" },
    toBody: ({ name, url }) => ({ name, config: { url } }),
    schema,
    submit,
    fieldOf,
    fieldOfCode: { "conflict.duplicate": "name" },
  })
  return (
    <Form form={form}>
      <Field label="Name" error={form.errors["name"]}>
        <Input value={form.values.name} onChange={(event) => form.set({ name: event.target.value })} />
      </Field>
      <Field label="URL" error={form.errors["url"]}>
        <Input value={form.values.url} onChange={(event) => form.set({ url: event.target.value })} />
      </Field>
      <button type="submit">Save</button>
    </Form>
  )
}

const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }))

it("checks by the contract, says what to do beside the field, and sends nothing", async () => {
  const submit = vi.fn(async () => undefined)
  render(<Sample submit={submit} />)
  await save()
  const name = screen.getByLabelText("Name")
  expect(name.getAttribute("aria-invalid")).toBe("true")
  expect(document.getElementById(name.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "Enter a name",
  )
  await waitFor(() => expect(document.activeElement).toBe(name))
  expect(submit).not.toHaveBeenCalled()
})

it("takes the error away once the field changes", async () => {
  render(<Sample submit={async () => undefined} />)
  await save()
  await userEvent.type(screen.getByLabelText("Name"), "x")
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBeNull()
})

it("sends what the contract makes of the fields", async () => {
  const submit = vi.fn(async () => undefined)
  render(<Sample submit={submit} />)
  await userEvent.type(screen.getByLabelText("Name"), "Ana")
  await save()
  expect(submit).toHaveBeenCalledExactlyOnceWith({ name: "Ana", config: { url: "https://example.com" } })
})

it.each([
  [new Failure("conflict.duplicate"), "Name", "Something with this name exists."],
  [
    new Failure("request.invalid", { errors: [{ path: "config.url", message: "This host is private" }] }),
    "URL",
    "This host is private",
  ],
])("puts what the server refuses beside its field", async (failure, label, words) => {
  render(<Sample submit={() => Promise.reject(failure)} />)
  await userEvent.type(screen.getByLabelText("Name"), "Ana")
  await save()
  const field = screen.getByLabelText(label)
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"))
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe(words)
})

it("says above the form what belongs to no field", async () => {
  render(
    <Sample submit={() => Promise.reject(new Failure("quota.exceeded", { detail: "100 of 100 flows" }))} />,
  )
  await userEvent.type(screen.getByLabelText("Name"), "Ana")
  await save()
  expect((await screen.findByRole("alert")).textContent).toContain("100 of 100 flows")
})

it("says at a text what is wrong within it, and where", async () => {
  const refuse = async () => {
    throw new Failure("request.invalid", {
      errors: [
        { path: "name.tasks.0", message: "Every task has a name." },
        { path: "name.tasks.1", message: "Never shown" },
      ],
    })
  }
  render(<Sample submit={refuse} fieldOf={(path) => path} />)
  await userEvent.type(screen.getByLabelText("Name"), "a file")
  await save()
  const name = screen.getByLabelText("Name")
  await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"))
  expect(document.getElementById(name.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "tasks.0: Every task has a name.",
  )
})
