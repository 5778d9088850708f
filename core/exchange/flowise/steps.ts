import type { Json, JsonObject } from "#core/json"
import { compared } from "../compare.ts"
import type { Made } from "../drawing.ts"
import { jsonIn, listOf, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { removed } from "../secrets.ts"
import { routeName } from "../words.ts"
import type { Variables } from "./variables.ts"

export type StepView = {
  inputs: JsonObject
  words: Variables
  missing: (name: string, kind: string) => void
}

/** What a step becomes, and by which handle each of its outputs leaves. */
export type Mapped = { made: Made; handles?: string[] }

const opaque = (why: string): Mapped => ({ made: { opaque: why } })
const made = (type: string, data: JsonObject, notes: string[] = [], handles?: string[]): Mapped => ({
  made: { type, data, notes },
  ...(handles ? { handles } : {}),
})

/** The settings of a model; which provider serves it here is for a person to say. */
function modelOf({ inputs, missing }: StepView, prefix: string, notes: string[]): JsonObject {
  const config = objectOf(inputs[`${prefix}ModelConfig`])
  const name = textOf(config["modelName"]) || textOf(config["customModelName"])
  const vendor = textOf(inputs[`${prefix}Model`])
  notes.push(
    `It used ${[vendor, name].filter(Boolean).join(" ").slice(0, 120) || "a model"}; here the tenant's default model answers until another is chosen.`,
  )
  if (textOf(config["credential"]) !== "" || textOf(config["FLOWISE_CREDENTIAL_ID"]) !== "")
    missing(vendor || "model", "model credential")
  const temperature = numberOf(config["temperature"])
  const most =
    numberOf(config["maxTokens"]) ??
    numberOf(config["maxOutputTokens"]) ??
    numberOf(config["maxTokensToSample"])
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(2, Math.max(0, temperature)) }),
    ...(most === undefined || most < 1 ? {} : { max_tokens: Math.min(200_000, Math.trunc(most)) }),
  }
}

/** What is said to a model: the system's words, and the question. */
function messagesOf(
  { inputs, words }: StepView,
  prefix: string,
  notes: string[],
): { prompt: string; system: string } {
  const said = objectsOf(inputs[`${prefix}Messages`]).map((one) => ({
    role: textOf(one["role"]),
    text: words.text(one["content"]),
  }))
  const system = said
    .filter((one) => one.role === "system" || one.role === "developer")
    .map((one) => one.text)
  const asked = said.filter((one) => one.role !== "system" && one.role !== "developer")
  const last = words.text(inputs[`${prefix}UserMessage`])
  if (last !== "") asked.push({ role: "user", text: last })
  if (inputs[`${prefix}EnableMemory`] === true)
    notes.push("It read what other steps had said before; here it reads what its prompt names.")
  if (textOf(inputs[`${prefix}UpdateState`]) !== "" || listOf(inputs[`${prefix}UpdateState`]).length > 0)
    notes.push("What it wrote to the flow's state was left out.")
  const prompt =
    asked.length === 0
      ? "{{ input.question }}"
      : asked.length === 1
        ? asked[0]!.text
        : asked.map((one) => `${one.role}: ${one.text}`).join("\n\n")
  return {
    prompt: prompt === "" ? "{{ input.question }}" : prompt,
    system: system.filter(Boolean).join("\n\n"),
  }
}

function llmStep(view: StepView): Mapped {
  const notes: string[] = []
  const { prompt, system } = messagesOf(view, "llm", notes)
  const schema = schemaOf(view.inputs["llmStructuredOutput"])
  return made(
    "llm",
    {
      prompt,
      ...(system === "" ? {} : { system }),
      ...(schema ? { output_schema: schema } : {}),
      ...modelOf(view, "llm", notes),
    },
    notes,
  )
}

function schemaOf(said: Json | undefined): JsonObject | undefined {
  const fields = objectsOf(said).filter((one) => textOf(one["key"]) !== "")
  if (fields.length === 0) return undefined
  const properties = Object.fromEntries(
    fields.map((one) => [
      textOf(one["key"]),
      {
        ...shapeOf(one),
        ...(textOf(one["description"]) === ""
          ? {}
          : { description: textOf(one["description"]).slice(0, 1_000) }),
      },
    ]),
  )
  return { type: "object", properties, required: fields.map((one) => textOf(one["key"])) }
}

function shapeOf(one: JsonObject): JsonObject {
  switch (one["type"]) {
    case "number":
    case "boolean":
      return { type: one["type"] }
    case "enum":
      return {
        type: "string",
        enum: textOf(one["enumValues"])
          .split(",")
          .map((value) => value.trim())
          .filter(Boolean),
      }
    case "stringArray":
      return { type: "array", items: { type: "string" } }
    case "jsonArray":
      return { type: "array", items: { type: "object" } }
    default:
      return { type: "string" }
  }
}

/** An agent without tools is a question to a model; one with tools is an agent, which has to be chosen here. */
function agentStep(view: StepView): Mapped {
  const notes: string[] = []
  const { prompt, system } = messagesOf(view, "agent", notes)
  const tools = objectsOf(view.inputs["agentTools"]).map((one) => textOf(one["agentSelectedTool"]))
  const knows =
    objectsOf(view.inputs["agentKnowledgeDocumentStores"]).length +
    objectsOf(view.inputs["agentKnowledgeVSEmbeddings"]).length
  if (knows > 0)
    notes.push("What it looked up in document stores was left out: give the agent a tool that searches.")
  const settings = modelOf(view, "agent", notes)
  if (tools.length === 0 && knows === 0)
    return made("llm", { prompt, ...(system === "" ? {} : { system }), ...settings }, notes)
  notes.unshift(
    `Choose or make an agent${tools.length > 0 ? ` that has its tools (${tools.join(", ").slice(0, 300)})` : ""}.`,
  )
  return made(
    "agent",
    {
      agent_id: "",
      task: prompt,
      ...(system === "" ? {} : { overrides: { system_prompt: system.slice(0, 20_000) } }),
    },
    notes,
  )
}

function conditionStep({ inputs, words }: StepView): Mapped {
  const branches: JsonObject[] = []
  for (const [i, one] of objectsOf(inputs["conditions"]).entries()) {
    const left = words.bare(one["value1"])
    const isNumber = one["type"] === "number"
    const number = isNumber ? numberOf(textOf(one["value2"]).replace(/<[^<>]*>/g, "")) : undefined
    const right =
      number === undefined
        ? one["type"] === "boolean"
          ? textOf(one["value2"]).replace(/<[^<>]*>/g, "") || "true"
          : words.bare(one["value2"])
        : String(number)
    const when = compared(textOf(one["operation"]), isNumber ? `$number(${left})` : left, right)
    if (when === undefined) return opaque("One of its comparisons has no counterpart.")
    branches.push({ id: `route_${i + 1}`, when })
  }
  if (branches.length === 0 || branches.length > 50) return opaque("It has no conditions, or more than 50.")
  return made("condition", { branches }, [], [...branches.map((one) => one["id"] as string), "else"])
}

function classifyStep(view: StepView): Mapped {
  const notes: string[] = []
  const taken = new Set<string>()
  const classes = objectsOf(view.inputs["conditionAgentScenarios"]).map((one) => {
    const id = routeName(textOf(one["scenario"]).slice(0, 30) || "scenario", taken)
    taken.add(id)
    return { id, description: textOf(one["scenario"]).slice(0, 2_000) }
  })
  if (classes.length === 0 || classes.length > 50) return opaque("It has no scenarios, or more than 50.")
  modelOf(view, "conditionAgent", notes)
  const told = view.words.text(view.inputs["conditionAgentInstructions"])
  const text = view.words.text(view.inputs["conditionAgentInput"]) || "{{ input.question }}"
  return made(
    "classify",
    { text: told === "" ? text : `${told}\n\n${text}`, classes },
    notes,
    classes.map((one) => one.id),
  )
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])

function httpStep({ inputs, words, missing }: StepView): Mapped {
  const method = (textOf(inputs["method"]) || "GET").toUpperCase()
  if (!methods.has(method)) return opaque(`Requests with ${method.slice(0, 40)} are not sent here.`)
  const notes: string[] = []
  if (textOf(inputs["credential"]) !== "" || textOf(inputs["FLOWISE_CREDENTIAL_ID"]) !== "") {
    missing("HTTP", "request credential")
    notes.push("It used credentials, which a file does not hold: choose stored ones.")
  }
  const pairs = (value: Json | undefined): JsonObject =>
    Object.fromEntries(
      objectsOf(value).flatMap((one) => {
        const [key, said] = [textOf(one["key"]), words.text(one["value"])]
        if (key === "") return []
        if (!said.includes(removed)) return [[key, said]]
        missing(key, "header or parameter")
        notes.push(`${key} held a secret, which was not taken over: choose a credential.`)
        return []
      }),
    )
  const [headers, query] = [pairs(inputs["headers"]), pairs(inputs["queryParams"])]
  const type = textOf(inputs["bodyType"])
  if (type === "formData" || type === "xWwwFormUrlencoded")
    notes.push("The body is sent as JSON here, not as a form.")
  const body =
    type === "formData" || type === "xWwwFormUrlencoded"
      ? pairs(inputs["body"])
      : jsonOr(words.text(inputs["body"]))
  return made(
    "http",
    {
      method,
      url: words.text(inputs["url"]),
      ...(Object.keys(query).length > 0 ? { query } : {}),
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...(body === "" || method === "GET" || method === "HEAD" ? {} : { body }),
    },
    notes,
  )
}

const jsonOr = (text: string): Json => {
  const read = jsonIn(text)
  return read === undefined ? text : read
}

const outside = /\b(?:require\s*\(|import\s*\(|fetch\s*\(|axios|\$flow\b|\$vars\b|process\.|Buffer\b)/

function codeStep({ inputs, words }: StepView): Mapped {
  const code = textOf(inputs["customFunctionJavascriptFunction"])
  if (code.trim() === "") return opaque("It holds no code.")
  const asked = outside.exec(code)?.[0]
  if (asked !== undefined)
    return opaque(
      `Its code uses ${asked.trim()}, which programs do not have here: they run without network, files and packages.`,
    )
  const named = objectsOf(inputs["customFunctionInputVariables"])
    .filter((one) => /^[A-Za-z_]\w*$/.test(textOf(one["variableName"])))
    .map((one) => `  const $${textOf(one["variableName"])} = ${words.inCode(one["variableValue"])}`)
  const source = `// From Flowise: its variables are named with a dollar sign.
export default async (input, context) => {
  const $input = context.input?.question
${named.join("\n")}
${code.replace(/^/gm, "  ")}
}
`
  return made("code", { source })
}

function approvalStep({ inputs, words }: StepView): Mapped {
  const notes =
    inputs["humanInputDescriptionType"] === "dynamic"
      ? ["A model wrote what is asked; here the message says what came before."]
      : []
  const message = words.text(inputs["humanInputDescription"]) || "{{ incoming }}"
  const form =
    inputs["humanInputEnableFeedback"] === true
      ? {
          form_schema: {
            type: "object",
            properties: { feedback: { type: "string", title: "Feedback", format: "textarea" } },
          },
        }
      : {}
  return made(
    "approval",
    {
      title: "Proceed?",
      message,
      ...form,
      buttons: [
        { id: "proceed", label: "Proceed" },
        { id: "reject", label: "Reject" },
      ],
    },
    notes,
    ["proceed", "reject"],
  )
}

const makers: Record<string, (view: StepView) => Mapped> = {
  llm: llmStep,
  agent: agentStep,
  condition: conditionStep,
  conditionAgent: classifyStep,
  http: httpStep,
  customFunction: codeStep,
  humanInput: approvalStep,
  directReply: ({ inputs, words }) => made("output", { value: words.text(inputs["directReplyMessage"]) }),
  executeFlow: ({ inputs, words }) =>
    made("subflow", { flow_id: "", inputs: { question: words.text(inputs["executeFlowInput"]) } }, [
      "It calls another flow: import that one, and choose it here.",
    ]),
  iteration: ({ inputs, words }) => {
    const items = jsonOr(words.text(inputs["iterationInput"]))
    return made("map", { items: typeof items === "string" ? items : JSON.stringify(items), concurrency: 1 })
  },
}

const reasons: Record<string, string> = {
  loop: "It goes back to an earlier step: draw what is repeated inside a loop.",
  tool: "A tool of Flowise: make a tool here, and call that.",
  retriever: "It searches document stores of Flowise, which a file does not hold.",
}

export const stepOf = (kind: string, view: StepView): Mapped =>
  Object.hasOwn(makers, kind) ? makers[kind]!(view) : opaque(reasons[kind] ?? "No step does the same.")
