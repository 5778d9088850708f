import * as z from "zod"
import { kinds, type KindType } from "#core/flow/kinds"
import { common } from "#core/flow/kinds/kind"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** Something of the tenant that a node can name. */
export type Named = { id: string; name: string; description: string; inputs?: Json }

/** What can be named in a flow: nothing secret, and nothing of another tenant. */
export type Resources = { agents: Named[]; crews: Named[]; tools: Named[]; flows: Named[] }

/** Data with which a node of a kind does something at once, for whoever begins from the kind's name alone. */
const examples: Record<KindType, JsonObject> = {
  input: {},
  output: {},
  llm: { prompt: "Summarise this:\n\n{{ input }}" },
  classify: {
    text: "{{ input }}",
    classes: [
      { id: "question", description: "Somebody wants to know something" },
      { id: "complaint", description: "Somebody is not content" },
    ],
  },
  agent: { agent_id: "the id of an agent", task: "{{ input }}" },
  crew: { crew_id: "the id of a crew", input: "{{ input }}" },
  transform: { value: "{{ input }}" },
  tool: { tool_id: "the id of a tool", inputs: {} },
  http: { method: "GET", url: "https://example.com" },
  code: { source: "export default (input, context) => {\n  return input\n}\n" },
  condition: { branches: [{ id: "yes", when: "$exists(input)" }] },
  merge: { mode: "all" },
  map: { items: "input", concurrency: 10, on_item_error: "fail" },
  loop: { state: null, until: "index >= 2", max_iterations: 10 },
  subflow: { flow_id: "the id of a flow", inputs: {} },
  wait: { seconds: 60 },
  approval: {
    title: "May this go on?",
    buttons: [
      { id: "approve", label: "Approve" },
      { id: "reject", label: "Reject" },
    ],
  },
  note: { text: "What is worth knowing" },
  group: {},
}

/** What a model is told about a kind. */
type KindTold = {
  kind: string
  title: string
  does: string
  routes: string[]
  holds: boolean
  takes_input: boolean
  fields: JsonObject
  required: string[]
  example: JsonObject
}

export type Catalogue = { kinds: KindTold[]; every_node: JsonObject } & Resources

const shared = new Set(Object.keys(common))

function told(type: KindType): KindTold {
  const kind = kinds[type]
  const { title, summary, data, takesInput } = kind
  const holds: string | undefined = "holds" in kind ? kind.holds : undefined
  const schema = lean(z.toJSONSchema(data, { unrepresentable: "any", io: "input" }) as Json)
  const fields = isJsonObject(schema) && isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const required = isJsonObject(schema) && Array.isArray(schema["required"]) ? schema["required"] : []
  return {
    kind: type,
    title,
    does: summary,
    routes: kind.handles(examples[type]).map(({ id }) => id),
    holds: holds !== undefined,
    takes_input: takesInput,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !shared.has(name))),
    required: required.filter((one) => typeof one === "string"),
    example: examples[type],
  }
}

/** Words that bounds take up and that a proposal does not need: the validation says what does not fit. */
const idle = new Set([
  "$schema",
  "$ref",
  "$defs",

  "maxLength",
  "minLength",
  "maximum",
  "minimum",
  "pattern",
  "additionalProperties",
  "propertyNames",
  "maxItems",
  "id",
  "format",
])

function lean(value: Json): Json {
  if (Array.isArray(value)) return value.map(lean)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      idle.has(key) && !isJsonObject(one) ? [] : key === "$defs" ? [] : [[key, lean(one)]],
    ),
  )
}

/** Everything that a flow here can be made of. */
export function catalogueOf(resources: Resources): Catalogue {
  own ??= ownKinds()
  return { ...own, ...resources }
}

let own: Pick<Catalogue, "kinds" | "every_node"> | undefined

/** The kinds are the same for everybody. */
function ownKinds(): Pick<Catalogue, "kinds" | "every_node"> {
  const every = lean(z.toJSONSchema(z.object(common), { unrepresentable: "any", io: "input" }) as Json)
  return {
    kinds: (Object.keys(kinds) as KindType[]).map(told),
    every_node: isJsonObject(every) && isJsonObject(every["properties"]) ? every["properties"] : {},
  }
}
