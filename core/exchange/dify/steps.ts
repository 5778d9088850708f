import type { Json, JsonObject } from "#core/json"
import { compared } from "../compare.ts"
import { listOf, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { expression, routeName } from "../words.ts"
import { classesOf } from "./classes.ts"
import { codeStep, templateStep } from "./code.ts"
import { httpStep } from "./http.ts"
import type { Mapped, StepView } from "./step.ts"
import type { Variables } from "./variables.ts"

const opaque = (why: string): Mapped => ({ made: { opaque: why } })
const made = (
  type: string,
  data: JsonObject,
  notes: string[] = [],
  handles?: Record<string, string>,
): Mapped => ({
  made: { type, data, notes },
  ...(handles ? { handles } : {}),
})

/** The settings of a model; which provider serves it here is for a person to say. */
export function modelOf(said: Json | undefined, notes: string[]): JsonObject {
  const model = objectOf(said)
  const params = objectOf(model["completion_params"])
  const [temperature, most] = [numberOf(params["temperature"]), numberOf(params["max_tokens"])]
  const others = Object.entries(params).filter(
    ([name, value]) => name !== "temperature" && name !== "max_tokens" && isSet(value),
  )
  if (others.length > 0)
    notes.push(
      `Settings of its model that are left out: ${others
        .map(([name]) => name)
        .join(", ")
        .slice(0, 300)}.`,
    )
  notes.push(
    `It used ${[textOf(model["provider"]), textOf(model["name"])].filter(Boolean).join("/").slice(0, 120) || "a model"}; here the tenant's default model answers until another is chosen.`,
  )
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(2, Math.max(0, temperature)) }),
    ...(most === undefined || most < 1 ? {} : { max_tokens: Math.min(200_000, Math.trunc(most)) }),
  }
}

/** Whether a setting is more than a form that was left as it was. */
const isSet = (value: Json): boolean =>
  value !== null && value !== 0 && value !== "" && !(Array.isArray(value) && value.length === 0)

function llmStep({ data, words, isChat }: StepView): Mapped {
  const notes: string[] = []
  const context = objectOf(data["context"])["variable_selector"]
  const given = Array.isArray(data["prompt_template"])
    ? objectsOf(data["prompt_template"])
    : [objectOf(data["prompt_template"])]
  if (given.some((one) => one["edition_type"] === "jinja2")) return opaque("Its prompt is written in Jinja.")
  const messages = given
    .map((one) => ({ role: textOf(one["role"]) || "user", text: words.text(one["text"], context) }))
    .filter((one) => one.text !== "")
  const memory = objectOf(data["memory"])
  if (Object.keys(memory).length > 0) {
    notes.push("It remembered the conversation; here a step begins anew each time.")
    const asked = textOf(memory["query_prompt_template"])
    if (isChat) messages.push({ role: "user", text: asked === "" ? "{{ input.query }}" : words.text(asked) })
  }
  if (objectOf(data["vision"])["enabled"] === true)
    notes.push("Pictures that it looked at are not passed on.")
  const system = messages.filter((one) => one.role === "system").map((one) => one.text)
  const asked = messages.filter((one) => one.role !== "system")
  if (asked.length > 1)
    notes.push(
      "What several speakers say in its prompt stands in one text here, with who says it before each.",
    )
  const prompt =
    asked.length === 1 ? asked[0]!.text : asked.map((one) => `${one.role}: ${one.text}`).join("\n\n")
  if (prompt === "" && system.length === 0) return opaque("It has no prompt.")
  const schema =
    data["structured_output_enabled"] === true ? objectOf(objectOf(data["structured_output"])["schema"]) : {}
  return made(
    "llm",
    {
      // Without a question, what the system says is the question.
      ...(prompt === ""
        ? { prompt: system.join("\n\n") }
        : { prompt, ...(system.length > 0 ? { system: system.join("\n\n") } : {}) }),
      ...(Object.keys(schema).length > 0 ? { output_schema: schema } : {}),
      ...modelOf(data["model"], notes),
    },
    notes,
  )
}

function conditionStep({ data, words }: StepView): Mapped {
  const cases = Array.isArray(data["cases"]) ? objectsOf(data["cases"]) : [{ ...data, case_id: "true" }]
  const taken = new Set<string>()
  const handles: Record<string, string> = { false: "else" }
  const branches: JsonObject[] = []
  for (const [i, one] of cases.entries()) {
    const when = whenOf(one, words)
    if (when === undefined) return opaque("One of its comparisons has no counterpart.")
    const key = textOf(one["case_id"]) || textOf(one["id"]) || `case ${i + 1}`
    const id = key === "true" ? "true" : routeName(`case_${i + 1}`, taken)
    taken.add(id)
    handles[key] = id
    branches.push({ id, when })
  }
  if (branches.length === 0 || branches.length > 50) return opaque("It has no cases, or more than 50.")
  return made("condition", { branches }, [], handles)
}

/** Conditions that are joined by and or or; undefined where one has no counterpart. */
export function whenOf(said: JsonObject, words: Variables, name = "conditions"): string | undefined {
  const parts = objectsOf(said[name]).map((one) => {
    const left = words.selected(one["variable_selector"])
    return compared(textOf(one["comparison_operator"]), left, rightOf(one, words))
  })
  if (parts.length === 0 || parts.includes(undefined)) return undefined
  return parts.length === 1
    ? parts[0]
    : parts.map((part) => `(${part})`).join(said["logical_operator"] === "or" ? " or " : " and ")
}

/** What a variable is compared with: a value of its type, a list, or a text with variables in it. */
function rightOf({ varType, value }: JsonObject, words: Variables): string {
  const number = varType === "number" || typeof value === "number" ? numberOf(value) : undefined
  if (number !== undefined) return String(number)
  if (Array.isArray(value)) return JSON.stringify(value)
  if (varType === "boolean" || typeof value === "boolean") {
    const said = textOf(value).toLowerCase()
    if (said === "true" || said === "false") return said
  }
  return words.bare(value)
}

function classifierStep({ data, words }: StepView): Mapped {
  const notes: string[] = []
  const known = classesOf(data)
  const handles = Object.fromEntries(known.map(({ key, id }) => [key, id]))
  const classes = known.map(({ id, name }) => ({ id, description: name.slice(0, 2_000) }))
  if (classes.length === 0 || classes.length > 50) return opaque("It has no classes, or more than 50.")
  modelOf(data["model"], notes)
  const told = words.text(textOf(data["instruction"]) || data["instructions"])
  const text = expression(words.selected(data["query_variable_selector"]))
  return made("classify", { text: told === "" ? text : `${told}\n\n${text}`, classes }, notes, handles)
}

function extractorStep({ data, words }: StepView): Mapped {
  const notes: string[] = []
  const types: Record<string, JsonObject> = {
    number: { type: "number" },
    bool: { type: "boolean" },
    boolean: { type: "boolean" },
    "array[string]": { type: "array", items: { type: "string" } },
    "array[number]": { type: "array", items: { type: "number" } },
    "array[object]": { type: "array", items: { type: "object" } },
  }
  const parameters = objectsOf(data["parameters"])
  const properties = Object.fromEntries(
    parameters.map((one) => {
      const options = listOf(one["options"]).filter((option) => typeof option === "string")
      const description = textOf(one["description"]).slice(0, 1_000)
      return [
        textOf(one["name"]) || "value",
        {
          ...(types[textOf(one["type"])] ?? { type: "string" }),
          description,
          ...(options.length > 0 ? { enum: options } : {}),
        },
      ]
    }),
  )
  const required = parameters.filter((one) => one["required"] === true).map((one) => textOf(one["name"]))
  notes.push("When nothing can be extracted the step fails here; there it went on, and __is_success said so.")
  const text = expression(words.selected(data["query"]))
  const told = words.text(data["instruction"])
  return made(
    "llm",
    {
      prompt: `Extract the parameters that are asked for from this text.\n\n${told === "" ? "" : `${told}\n\n`}${text}`,
      output_schema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) },
      ...modelOf(data["model"], notes),
    },
    notes,
  )
}

/** The first of several variables that has a value. */
function aggregatorStep({ data, words }: StepView): Mapped {
  const first = (selectors: Json | undefined): string =>
    listOf(selectors)
      .map((one) => words.selected(one))
      .join(" ?? ") || "null"
  const advanced = objectOf(data["advanced_settings"])
  if (advanced["group_enabled"] !== true) return made("transform", { value: first(data["variables"]) })
  const groups = objectsOf(advanced["groups"]).map((one) => [
    textOf(one["group_name"]) || "group",
    { output: expression(first(one["variables"])) },
  ])
  return made("transform", { value: Object.fromEntries(groups) as JsonObject })
}

function endStep({ data, words }: StepView): Mapped {
  const outputs = objectsOf(data["outputs"]).map((one) => [
    textOf(one["variable"]) || "value",
    expression(words.selected(one["value_selector"])),
  ])
  return made("output", outputs.length > 0 ? { value: Object.fromEntries(outputs) as JsonObject } : {})
}

function agentStep({ data, words }: StepView): Mapped {
  const said = objectOf(data["agent_parameters"])
  const part = (name: string): Json | undefined => objectOf(said[name])["value"]
  const tools = objectsOf(part("tools")).map((one) => textOf(one["tool_label"]) || textOf(one["tool_name"]))
  const system = words.text(part("instruction"))
  return made(
    "agent",
    {
      agent_id: "",
      task: words.text(part("query")) || "{{ incoming }}",
      ...(system === "" ? {} : { overrides: { system_prompt: system.slice(0, 20_000) } }),
    },
    [
      `Choose or make an agent${tools.length > 0 ? ` that has its tools (${tools.join(", ").slice(0, 300)})` : ""}.`,
    ],
  )
}

const makers: Record<string, (view: StepView) => Mapped> = {
  llm: llmStep,
  "if-else": conditionStep,
  "question-classifier": classifierStep,
  "parameter-extractor": extractorStep,
  "variable-aggregator": aggregatorStep,
  "variable-assigner": aggregatorStep,
  "http-request": httpStep,
  code: codeStep,
  "template-transform": templateStep,
  end: endStep,
  answer: ({ data, words }) => made("output", { value: words.text(data["answer"]) }),
  "loop-end": () => made("transform", { value: "true" }),
  agent: agentStep,
}

const reasons: Record<string, string> = {
  "knowledge-retrieval":
    "It searches a knowledge base of Dify, which a file does not hold: call a search by HTTP or a tool.",
  tool: "A tool of Dify: make a tool here, and call that.",
  "document-extractor": "It reads files, which steps do not pass on here.",
  "list-operator": "It narrows a list of files: a transform can do the like.",
  assigner:
    "It writes variables that outlive the step: say what comes next by a transform, or as the state of a loop.",
  "human-input": "It asks a person: an approval can take its place.",
}

export const stepOf = (kind: string, view: StepView): Mapped =>
  Object.hasOwn(makers, kind) ? makers[kind]!(view) : opaque(reasons[kind] ?? "No step does the same.")
