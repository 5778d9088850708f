import type { Json, JsonObject } from "#core/json"
import { isJsonObject } from "#core/json"
import { jsonIn, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { cutAtMarks } from "../marks.ts"
import { javascript } from "../words.ts"
import type { Shape } from "./expression.ts"
import { made, opaque, type Mapped, type StepView } from "./step.ts"

/** Edit Fields, which was called Set: fields of its own, alone or over those that come in. */
export function setStep({ node, p, words }: StepView): Mapped {
  const notes: string[] = []
  const fields = fieldsOf(p, words, notes)
  if (fields === undefined) return opaque("Its fields cannot be read.")
  const included = isIncluded(node.version, p)
  if (!included) return made("transform", { value: fields }, notes)
  // What is set lies over what comes in.
  const over = expressionOf(fields)
  return made("transform", { value: `$merge([${words.seen.json.root}, ${over}])` }, notes)
}

/** Whether the fields that come in go out too; each version asks for it otherwise. */
function isIncluded(version: number, p: JsonObject): boolean {
  if (version < 3) return p["keepOnlySet"] !== true
  if (version < 3.3) return p["include"] !== "none"
  return p["includeOtherFields"] === true
}

function fieldsOf(p: JsonObject, words: StepView["words"], notes: string[]): JsonObject | undefined {
  const mode = textOf(p["mode"])
  if (mode === "raw" || mode === "jsonData") {
    const text = textOf(p["jsonOutput"]).replace(/^=/, "")
    const read = jsonIn(text)
    return isJsonObject(read) ? (words.marked(read) as JsonObject) : undefined
  }
  const set: JsonObject = {}
  const newer = objectsOf(objectOf(p["assignments"])["assignments"])
  const middle = objectsOf(objectOf(p["fields"])["values"]).map((one) => ({
    name: one["name"],
    type: textOf(one["type"]).replace(/Value$/, ""),
    value: Object.entries(one).find(([key]) => key.endsWith("Value"))?.[1],
  }))
  const older = Object.entries(objectOf(p["values"])).flatMap(([type, list]) =>
    objectsOf(list).map((one) => ({ ...one, type })),
  )
  for (const one of [...newer, ...middle, ...older] as JsonObject[]) {
    const name = textOf(one["name"])
    if (name === "") continue
    const levels = name.split(".")
    // What has more levels than data may have is one name.
    put(
      set,
      levels.length > mostLevels ? [name] : levels,
      typed(words.value(one["value"]), textOf(one["type"]), notes),
    )
  }
  return set
}

/** A text that the step says is a number or JSON. */
function typed(value: Json, type: string, notes: string[]): Json {
  if (typeof value !== "string" || value.includes("{{")) return value
  if (type === "number") return numberOf(value) ?? value
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value
  if (type !== "object" && type !== "array") return value
  const read = jsonIn(value)
  if (read !== undefined) return read
  notes.push("A field that should be JSON is none, and stays a text.")
  return value
}

/** Data has 64 at most, and the steps' own are around these. */
const mostLevels = 32

function put(into: JsonObject, path: string[], value: Json): void {
  const [first, ...rest] = path
  if (first === undefined || first === "__proto__") return
  if (rest.length === 0) into[first] = value
  else {
    const inner = into[first]
    const next = isJsonObject(inner) ? inner : {}
    into[first] = next
    put(next, rest, value)
  }
}

/** Data with templates inside, as one expression. */
function expressionOf(value: Json): string {
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}: ${expressionOf(one)}`)
      .join(", ")}}`
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(", ")}]`
  if (typeof value !== "string") return JSON.stringify(value)
  const parts = cutAtMarks(value, "{{ ", " }}").filter((part) => part !== "")
  if (parts.length === 0) return '""'
  return parts
    .map((part) =>
      part.startsWith("{{ ") && part.endsWith(" }}") ? `(${part.slice(3, -3)})` : JSON.stringify(part),
    )
    .join(" & ")
}

/** What code of n8n asks for that a program here does not have. */
const outside =
  /\b(?:require\s*\(|this\.helpers|\$helpers|\$getWorkflowStaticData|fetch\s*\(|process\.|\$binary|getBinaryData|\$env\b|\$vars\b|\$secrets\b|\$evaluateExpression|\$jmespath)/

/** The Code step and its forebears, with n8n's words for what comes in. */
export function codeStep({ node, p, idOf, words }: StepView): Mapped {
  const language = textOf(p["language"])
  if (language !== "" && language !== "javaScript")
    return opaque(
      `Code in ${language.slice(0, 40)} does not run in a flow's step: put it into a tool that runs in a container.`,
    )
  const code = textOf(p["jsCode"]) || textOf(p["functionCode"])
  if (code.trim() === "") return opaque("It holds no code.")
  const asked = outside.exec(code)?.[0]
  if (asked !== undefined)
    return opaque(
      `Its code uses ${asked.trim()}, which programs do not have here: they run without network, files and n8n's helpers.`,
    )
  const isEach = p["mode"] === "runOnceForEachItem" || node.kind === "functionItem"
  const names = [...code.matchAll(/\$(?:node\[|\(|items\()\s*(["'`])(.*?)\1/g)].map((match) => match[2]!)
  const known = [...new Set(names)].map((name) => {
    const seen = words.seen.node(name)
    return [
      name,
      (seen && shapeInCode(seen)) ?? javascript("context", ["nodes", idOf(name) ?? name]),
    ] as const
  })
  const came = shapeInCode(words.seen.json) ?? "input"
  const notes = [
    "n8n's words for what comes in ($json, $input, items) are given to the code; what it makes for one item is the output, for several the list.",
  ]
  return made("code", { source: program(code, came, known, isEach) }, notes)
}

/** What a step gives in n8n's shape, read by a program; undefined where only the engine knows what came. */
function shapeInCode({ root, fields }: Shape): string | undefined {
  if (!/^(?:input|item|nodes)(?:\.(?:\w+|`[^`]+`))*$/.test(root)) return undefined
  const value = javascript(
    "context",
    [...root.matchAll(/`([^`]+)`|(\w+)/g)].map((part) => part[1] ?? part[2]!),
  )
  if (!fields) return value
  const own = Object.entries(fields).map(
    ([name, made]) =>
      `${JSON.stringify(name)}: ${made.replaceAll(`${root}.`, `${value}?.`).replaceAll(root, value)}`,
  )
  return `{ ...(typeof ${value} === "object" ? ${value} : {}), ${own.join(", ")} }`
}

const program = (
  code: string,
  came: string,
  known: readonly (readonly [name: string, value: string])[],
  isEach: boolean,
): string => `// From n8n: what comes in, under the names that its code knows.
const itemOf = (value) => ({ json: value !== null && typeof value === "object" ? value : { value } })
const itemsOf = (value) => (Array.isArray(value) ? value : [value]).map(itemOf)
const viewOf = (list) => ({ all: () => list, first: () => list[0], last: () => list.at(-1), item: list[0], json: list[0]?.json })

export default async (input, context) => {
  const given = { ${known.map(([name, value]) => `${JSON.stringify(name)}: () => (${value})`).join(", ")} }
  const items = itemsOf(${came === "input" ? came : `(${came})`} ?? {})
  const $ = (name) => viewOf(itemsOf(given[name]?.() ?? {}))
  const $node = new Proxy({}, { get: (_, name) => $(name) })
  const $items = (name) => (name ? $(name).all() : items)
  const jsonOf = (one) => (one && typeof one === "object" && "json" in one ? one.json : one)
  const work = async (items, item, $json, $input, $itemIndex) => {
${code.replace(/^/gm, "    ")}
  }
  ${
    isEach
      ? "const made = await Promise.all(items.map((item, i) => work(items, item.json, item.json, { ...viewOf(items), item }, i)))"
      : "const made = await work(items, items[0]?.json, items[0]?.json, viewOf(items), 0)"
  }
  const list = (Array.isArray(made) ? made.flat() : [made]).map(jsonOf)
  return list.length === 1 ? list[0] : list
}
`

/** Steps that take a list apart or put it together. */
export function splitStep({ p, words }: StepView): Mapped {
  const field = textOf(p["fieldToSplitOut"])
  if (field === "" || field.includes(",")) return opaque("It takes several fields apart at once.")
  const value = `${words.seen.json.root}.${field
    .split(".")
    .map((part) => `\`${part.replaceAll("`", "")}\``)
    .join(".")}`
  return made("transform", { value }, [
    "Gives the list. n8n does what follows once for each of its items: put that into a map.",
  ])
}

export const stopStep = ({ p, words }: StepView): Mapped => {
  const said = words.bare(p["errorMessage"] ?? "Stopped")
  return made("transform", { value: `$error(${said})` }, [])
}
