import type { Json, JsonObject } from "#core/json"
import { readingOf, type Scene, type SceneKind, type SceneNode } from "./flow-scene.ts"
import { namedIn } from "./flow-names.ts"
import { conditionIn, fieldIn, secondsIn, unquoted, valueFor } from "./flow-values.ts"
import { asList, asObject, textOf } from "./schema-parts.ts"

/** What is said about a new node besides its kind and its place. */
export type Wish = {
  kind: SceneKind
  /** All its words, for what is found anywhere in them. */
  words: string
  /** What it is for: "summarise the text". */
  purpose: string
  /** What it says: the text of a note, a question. */
  saying: string
  /** "into billing, bug or other" */
  into: string
  /** "when the total is over 100" */
  when: string
  /** "with temperature 0.2 and prompt …" */
  settings: string
}

/** The data of a new node that comes after another one. Undefined when something is lacking, which is then told. */
export function dataFor(scene: Scene, wish: Wish, before: SceneNode | undefined): JsonObject | undefined {
  const isInside = before === undefined
  const source = isInside ? "item" : readingOf(before)
  const data = begun(scene, wish, isInside ? "input" : source)
  if (data === undefined) return undefined
  const said = withSettings(scene, wish, data)
  return said
}

const asked = (purpose: string): string =>
  purpose === "" ? "" : `${purpose[0]!.toUpperCase()}${purpose.slice(1).replace(/(?<![.:\s])[.:\s]+$/, "")}`

/** What a kind begins with: its example, said in the words of the request and reading from what comes before. */
function begun(scene: Scene, wish: Wish, source: string): JsonObject | undefined {
  const { kind, purpose, saying, into, when, words } = wish
  const reading = `{{ ${source} }}`
  const task = purpose === "" ? reading : `${asked(purpose)}:\n\n${reading}`
  switch (kind.kind) {
    case "llm":
      return { prompt: saying || task }
    case "classify":
      return { ...kind.example, text: reading, ...(into === "" ? {} : { classes: classesIn(into) }) }
    case "agent":
      return naming(scene, wish, "agents", "agent_id", { task: saying || task })
    case "crew":
      return naming(scene, wish, "crews", "crew_id", { input: saying || task })
    case "subflow":
      return naming(scene, wish, "flows", "flow_id", { inputs: reading })
    case "tool":
      return naming(scene, wish, "tools", "tool_id", {})
    case "transform":
      return { value: saying || reading }
    case "http": {
      const [url] = /https?:\/\/[^\s"“”]+/.exec(words) ?? []
      const [method] = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\b/.exec(words) ?? []
      return { ...kind.example, ...(url ? { url } : {}), ...(method ? { method } : {}) }
    }
    case "condition":
      return {
        branches: [{ id: "yes", when: when === "" ? `$exists(${source})` : conditionIn(when, source) }],
      }
    case "wait":
      return { seconds: secondsIn(words) ?? 60 }
    case "approval":
      return {
        ...kind.example,
        title: saying || (purpose === "" ? textOf(kind.example["title"]) : `${asked(purpose)}?`),
        message: reading,
      }
    case "map":
      return { ...kind.example, items: source }
    case "note":
      return { text: saying || asked(purpose) || textOf(kind.example["text"]) }
    default:
      return { ...kind.example }
  }
}

/** "billing, bug or other" as classes, each with a name that can be a route. */
function classesIn(words: string): JsonObject[] {
  const names = words
    .split(/\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+/i)
    .map((one) => unquoted(one))
    .filter(Boolean)
  const ids = names
    .map((name) => routeName(name))
    .filter((id) => id !== "else" && id !== "error" && id !== "out")
  return [...new Set(ids)].map((id) => ({ id, description: names.find((name) => routeName(name) === id)! }))
}

/** A name as a route can have it. */
export const routeName = (words: string): string =>
  unquoted(words)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|(?<!_)_+$/g, "")
    .replace(/^(?=\d)/, "r")
    .slice(0, 40) || "yes"

const sorts = { agents: "agent", crews: "crew", tools: "tool", flows: "published flow" }

function naming(
  scene: Scene,
  { words, purpose }: Wish,
  sort: keyof Scene["named"],
  field: string,
  data: JsonObject,
): JsonObject | undefined {
  const list = scene.named[sort]
  const one = namedIn(list, `${words} ${purpose}`)
  if (!one) {
    const names = list.slice(0, 8).map(({ name }) => `“${name}”`)
    scene.problems.push(
      list.length === 0
        ? `There is no ${sorts[sort]} here yet that a node could use. Make one first.`
        : `Say which ${sorts[sort]} you mean: ${names.join(", ")}${list.length > 8 ? ", …" : ""}.`,
    )
    return undefined
  }
  const inputs = sort === "tools" ? { inputs: argumentsFor(one.inputs) } : {}
  return { [field]: one.id, ...data, ...inputs }
}

/** What a tool needs at least, read from the execution's input. */
function argumentsFor(schema: JsonObject): JsonObject {
  const properties = asObject(schema["properties"])
  const required = asList(schema["required"]).filter((name) => typeof name === "string")
  return Object.fromEntries(
    required.map((name): [string, Json] => [
      name,
      asObject(properties[name])["default"] ??
        (/^[A-Za-z_]\w*$/.test(name) ? `{{ input.${name} }}` : "{{ input }}"),
    ]),
  )
}

/** "with temperature 0.2 and prompt “…”" on top of what a kind begins with. */
function withSettings(scene: Scene, { kind, settings }: Wish, data: JsonObject): JsonObject {
  const fields = { ...kind.fields, ...scene.every }
  let next = data
  for (const part of settings
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+(?:with\s+|an?\s+|the\s+)?/i)
    .filter(Boolean)) {
    const words = part
      .trim()
      .replace(/^(?:the|an?)\s+/i, "")
      .split(/\s+/)
    for (let n = Math.min(3, words.length - 1); n > 0; n--) {
      const known = fieldIn(words.slice(0, n).join(" "), fields)
      const value =
        known &&
        valueFor(
          words
            .slice(n)
            .join(" ")
            .replace(/^(?:of|to|=|:)\s+/i, ""),
          known.field,
          known.schema,
        )
      if (!known || value === undefined) continue
      next = { ...next, [known.field]: value }
      break
    }
  }
  return next
}
