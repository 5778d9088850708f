import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { jsonIn, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { routeName } from "../words.ts"
import { credentialsOf } from "./http.ts"
import { made, opaque, type Mapped, type StepView } from "./step.ts"

/** The model that is plugged in, as a note: which provider serves it here is for a person to say. */
function modelNote({ plugged }: StepView, notes: string[]): JsonObject {
  const model = plugged.find((one) => /^lm|^modelSelector/.test(one.kind))
  if (!model) return {}
  const name = nameOfModel(model.parameters["model"] ?? model.parameters["modelName"])
  notes.push(
    `It used ${name || "a model"} (${model.kind}); here the tenant's default model answers until another is chosen.`,
  )
  const options = objectOf(model.parameters["options"])
  const temperature = numberOf(options["temperature"])
  const most = numberOf(options["maxTokens"])
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(2, Math.max(0, temperature)) }),
    ...(most === undefined || most < 1 ? {} : { max_tokens: Math.min(200_000, Math.trunc(most)) }),
  }
}

const nameOfModel = (value: Json | undefined): string =>
  (textOf(value) || textOf(objectOf(value)["value"])).slice(0, 100)

/** What is asked: the text that the step says, or what came by a chat. */
function promptOf({ p, words }: StepView, field = "text"): string {
  if (p["promptType"] === "define" || (p["promptType"] === undefined && p[field] !== undefined))
    return words.text(p[field])
  const { root, fields } = words.seen.json
  return `{{ ${fields?.["chatInput"] ?? `${root}.chatInput`} }}`
}

/** An agent without tools is a question to a model; one with tools is an agent, which has to be chosen here. */
export function agentStep(step: StepView): Mapped {
  const { p, words, plugged } = step
  const notes: string[] = []
  const task = promptOf(step)
  const system = words.text(objectOf(p["options"])["systemMessage"])
  const tools = plugged.filter((one) => /tool/i.test(one.kind) || one.type.includes("vectorStore"))
  const memory = plugged.find((one) => one.kind.startsWith("memory"))
  if (memory)
    notes.push(`It remembered the conversation (${memory.kind}); here a step begins anew each time.`)
  if (p["hasOutputParser"] === true)
    notes.push("Its output parser was not taken over: say the shape in the output schema.")
  const settings = modelNote(step, notes)
  if (tools.length === 0)
    return made("llm", { prompt: task, ...(system === "" ? {} : { system }), ...settings }, notes)
  notes.unshift(
    `It works with tools (${tools
      .map((one) => one.name)
      .join(", ")
      .slice(0, 300)}): choose or make an agent that has them.`,
  )
  return made(
    "agent",
    {
      agent_id: "",
      task,
      ...(system === "" ? {} : { overrides: { system_prompt: system.slice(0, 20_000) } }),
    },
    notes,
  )
}

export function chainStep(step: StepView): Mapped {
  const { p, words } = step
  const notes: string[] = []
  const said = objectsOf(objectOf(p["messages"])["messageValues"]).map((one) => words.text(one["message"]))
  if (p["hasOutputParser"] === true)
    notes.push("Its output parser was not taken over: say the shape in the output schema.")
  const settings = modelNote(step, notes)
  const prompt = promptOf(step, p["prompt"] === undefined ? "text" : "prompt")
  return made(
    "llm",
    { prompt, ...(said.length > 0 ? { system: said.join("\n\n") } : {}), ...settings },
    notes,
  )
}

/** The step of a model's vendor, when it asks for text. */
export function vendorStep(step: StepView): Mapped {
  const { p, words } = step
  const resource = textOf(p["resource"]) || "text"
  const operation = textOf(p["operation"]) || "message"
  if (!["text", "chat"].includes(resource) || !["message", "complete", "response"].includes(operation))
    return opaque(`${resource}: ${operation} has no counterpart; only questions to a model have.`)
  const notes: string[] = []
  const messages = [
    ...objectsOf(objectOf(p["messages"])["values"]),
    ...objectsOf(objectOf(p["responses"])["values"]),
    ...objectsOf(objectOf(p["prompt"])["messages"]),
  ]
  const said = messages.map((one) => ({
    role: textOf(one["role"]) || "user",
    text: words.text(one["content"]),
  }))
  const system = said.filter((one) => one.role === "system").map((one) => one.text)
  const asked = said.filter((one) => one.role !== "system")
  if (asked.length === 0) return opaque("It asks nothing.")
  const prompt =
    asked.length === 1 ? asked[0]!.text : asked.map((one) => `${one.role}: ${one.text}`).join("\n\n")
  credentialsOf(step, notes)
  const model = nameOfModel(p["modelId"] ?? p["model"])
  notes.push(
    `It used ${model || "a model"} (${step.node.kind}); here the tenant's default model answers until another is chosen.`,
  )
  return made("llm", { prompt, ...(system.length > 0 ? { system: system.join("\n\n") } : {}) }, notes)
}

export function classifierStep(step: StepView): Mapped {
  const { p, words } = step
  const notes: string[] = []
  const taken = new Set<string>()
  const said =
    step.node.kind === "sentimentAnalysis"
      ? sentiments(p)
      : objectsOf(objectOf(p["categories"])["categories"])
  const classes = said.map((one) => {
    const id = routeName(textOf(one["category"]), taken)
    taken.add(id)
    return {
      id,
      description: [textOf(one["category"]), textOf(one["description"])]
        .filter(Boolean)
        .join(": ")
        .slice(0, 2_000),
    }
  })
  if (classes.length === 0 || classes.length > 50) return opaque("It has no classes, or more than 50.")
  modelNote(step, notes)
  return made("classify", { text: words.text(p["inputText"] ?? p["text"]), classes }, notes, [
    ...classes.map((one) => one.id),
    "else",
  ])
}

const sentiments = (p: JsonObject): JsonObject[] =>
  (textOf(objectOf(p["options"])["categories"]) || "Positive, Neutral, Negative")
    .split(",")
    .map((one) => ({ category: one.trim() }))
    .filter((one) => one.category !== "")

export function extractorStep(step: StepView): Mapped {
  const { p, words } = step
  const notes: string[] = []
  const schema = schemaOf(p)
  if (!schema) return opaque("Its schema cannot be read.")
  const settings = modelNote(step, notes)
  return made(
    "llm",
    {
      prompt: `Extract what is asked for from this text.\n\n${words.text(p["text"])}`,
      output_schema: schema,
      ...settings,
    },
    notes,
  )
}

function schemaOf(p: JsonObject): JsonObject | undefined {
  const attributes = objectsOf(objectOf(p["attributes"])["attributes"])
  if (attributes.length > 0) {
    const types: Record<string, string> = { number: "number", boolean: "boolean" }
    const properties = Object.fromEntries(
      attributes.map((one) => [
        textOf(one["name"]) || "value",
        {
          type: types[textOf(one["type"])] ?? "string",
          description: textOf(one["description"]).slice(0, 500),
        },
      ]),
    )
    const required = attributes.filter((one) => one["required"] === true).map((one) => textOf(one["name"]))
    return { type: "object", properties, ...(required.length > 0 ? { required } : {}) }
  }
  const read = jsonIn(textOf(p["inputSchema"]))
  return isJsonObject(read) ? read : undefined
}
