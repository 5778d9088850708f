import { expect, it } from "vitest"
import { kinds } from "#core/flow/kinds"
import { panelFields, type PanelField } from "./schema-fields.ts"

const all = (type: string): PanelField[] => [...panelFields(type).own, ...panelFields(type).common]
const controls = (type: string) =>
  Object.fromEntries(all(type).map((field) => [field.path, field.control.is]))

it("gives every field of every kind a control", () => {
  for (const kind of Object.values(kinds)) {
    expect(Object.keys(controls(kind.type)).sort()).toEqual(Object.keys(kind.data.shape).sort())
  }
})

it("reads a model node's fields as what they are", () => {
  expect(controls("llm")).toMatchObject({
    llm_provider_id: "provider",
    model: "model",
    prompt: "prompt",
    system: "prompt",
    output_schema: "json_schema",
    temperature: "number",
    max_tokens: "number",
    timeout_ms: "duration",
    retry: "group",
    on_error: "choice",
    error_value: "value",
  })
  const prompt = all("llm").find((field) => field.path === "prompt")
  expect(prompt).toMatchObject({ title: "Prompt", required: true })
  expect(all("llm").find((field) => field.path === "temperature")?.control).toMatchObject({
    least: 0,
    most: 2,
  })
})

it("offers stored credentials by name", () => {
  expect(controls("http")).toMatchObject({ credentials: "credential", method: "choice", url: "prompt" })
})

it("sets what every executable kind takes apart from a kind's own", () => {
  expect(panelFields("llm").common.map((field) => field.path)).toEqual([
    "timeout_ms",
    "retry",
    "on_error",
    "error_value",
  ])
  expect(panelFields("merge").common).toEqual([])
})

it("starts a group with what the schema says", () => {
  const retry = all("llm").find((field) => field.path === "retry")
  if (retry?.control.is !== "group") throw new Error("retry is no group")
  expect(retry.control.starting).toEqual({ max_attempts: 3, backoff_ms: 1000, factor: 2 })
  expect(retry.control.fields.map((field) => field.path)).toContain("retry.backoff_ms")
})

it("knows routes, a word or a number, and a kind that is not here", () => {
  expect(controls("condition")["branches"]).toBe("routes")
  expect(controls("classify")).toMatchObject({ classes: "routes", text: "prompt" })
  expect(controls("approval")).toMatchObject({
    title: "prompt",
    buttons: "routes",
    form_schema: "form",
    timeout_seconds: "duration",
    assignees: "words",
  })
  expect(controls("loop")).toMatchObject({ state: "value", while: "prompt", max_iterations: "number" })
  expect(all("merge")[0]?.control).toMatchObject({ is: "choice_or_number", options: ["all", "any"] })
  expect(panelFields("teleport")).toEqual({ own: [], common: [] })
})
