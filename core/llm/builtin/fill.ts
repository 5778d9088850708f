import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { ModelFailure } from "#core/llm/failure"
import { checkOutput } from "#core/llm/output"
import { adapted, matchesOf } from "./adapt.ts"
import { chosen, labelsOf } from "./choice.ts"
import { classifyMany, speaksOf, type Label } from "./classify.ts"
import { openDocument, type Document } from "./document.ts"
import { fieldWords, findForFormat, findForName, labelledValues, numbersNear, type Source } from "./fields.ts"
import { fits, unfilled, type Field, type Filling } from "./filling.ts"
import { lineItems, type LineItem } from "./line-items.ts"
import { asList, asObject, resolved, textOf, typesOf, without } from "./schema-parts.ts"
import { isBullet, unbulleted } from "./text.ts"

const mostDepth = 12
const mostFields = 5_000

/**
 * JSON that fits a schema, filled from a text by the names, descriptions, types, formats and enums of its fields. A field
 * that the text says nothing of is left out, or null, or empty, as the schema allows; otherwise the answer fails and names it.
 */
export function fillSchema(schema: JsonObject, source: Source, labels: readonly Label[]): Json {
  const filling: Filling = { source, root: schema, labels, confidence: { last: 0 }, filled: { fields: 0 } }
  const value = fill({ name: textOf(schema["title"]), path: "", schema, required: true, depth: 0 }, filling)
  if (value === undefined) throw unfilled({ name: "", path: "", schema, required: true, depth: 0 })
  checkOutput(schema, value)
  return value
}

const tooManyFields = (): ModelFailure =>
  new ModelFailure("model.bad_request", {
    message: `The output schema asks for more than ${mostFields} fields.`,
  })

function fill(given: Field, filling: Filling): Json | undefined {
  if (given.depth > mostDepth) return undefined
  // A schema that refers to itself in several places would otherwise grow without end.
  if (++filling.filled.fields > mostFields) throw tooManyFields()
  const field = { ...given, schema: resolved(given.schema, filling.root) }
  const { schema } = field
  if (schema["const"] !== undefined) return schema["const"]
  const choices = labelsOf(schema, filling)
  if (choices) return chosen(field, choices, filling)
  for (const key of ["anyOf", "oneOf"]) {
    const branches = schema[key]
    if (Array.isArray(branches) && schema["type"] === undefined && !isJsonObject(schema["properties"])) {
      return firstThatFits(field, branches.filter(isJsonObject), filling)
    }
  }
  const types = typesOf(schema)
  if (types.includes("object")) return fillObject(field, filling)
  if (types.includes("array")) return fillArray(field, filling)
  return fillScalar(field, types, filling)
}

const isUnfilled = (error: unknown): boolean =>
  error instanceof ModelFailure && error.code === "model.bad_output"

function firstThatFits(field: Field, branches: JsonObject[], filling: Filling): Json | undefined {
  const nullable = branches.some((one) => one["type"] === "null")
  for (const branch of branches.filter((one) => one["type"] !== "null")) {
    const schema = { ...without(without(field.schema, "anyOf"), "oneOf"), ...branch }
    try {
      const value = fill({ ...field, schema, required: false }, filling)
      if (value !== undefined && fits(field, filling, value)) return value
    } catch (error) {
      if (!isUnfilled(error)) throw error
    }
  }
  if (nullable) return null
  if (field.required) throw unfilled(field)
  return undefined
}

function fillObject(field: Field, filling: Filling): Json | undefined {
  const properties = field.schema["properties"]
  if (!isJsonObject(properties)) return pairsObject(field, filling)
  const required = new Set(asList(field.schema["required"]))
  const filled: JsonObject = {}
  const names = Object.keys(properties)
  // A confidence is that of the choice made before it, wherever it stands in the schema.
  const order = [...names].sort((a, b) => Number(isConfidence(a)) - Number(isConfidence(b)))
  for (const name of order) {
    const schema = properties[name]
    if (!isJsonObject(schema)) continue
    const path = field.path ? `${field.path}.${name}` : name
    const value = fill({ name, path, schema, required: required.has(name), depth: field.depth + 1 }, filling)
    if (value !== undefined) filled[name] = value
    else if (required.has(name)) throw unfilled({ ...field, path })
  }
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(filled, name)).map((name) => [name, filled[name]!]),
  )
}

const isConfidence = (name: string): boolean =>
  /\b(?:confidence|certainty|probability)\b/.test(fieldWords(name))

/** An object without named properties takes the labels and values of the text. */
function pairsObject(field: Field, { source }: Filling): Json {
  const pairs = field.schema["additionalProperties"] === false ? [] : source.document.pairs()
  const filled: JsonObject = {}
  for (const { label, value } of pairs.slice(0, 100)) {
    const key = label.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "")
    if (key && key !== "__proto__" && !Object.hasOwn(filled, key)) filled[key] = value
  }
  return filled
}

function fillArray(field: Field, filling: Filling): Json | undefined {
  const items = resolved(asObject(field.schema["items"]), filling.root)
  const most = typeof field.schema["maxItems"] === "number" ? field.schema["maxItems"] : 100
  const found = listFor({ ...field, schema: items }, filling)
  const fitting = found.filter((value) => fits({ ...field, schema: items }, filling, value))
  const distinct =
    field.schema["uniqueItems"] === true
      ? [...new Map(fitting.map((one) => [JSON.stringify(one), one])).values()]
      : fitting
  const list = distinct.slice(0, most)
  if (list.length === 0 && !field.required && field.schema["minItems"] !== undefined) return undefined
  return list
}

function listFor(field: Field, filling: Filling): Json[] {
  const { document } = filling.source
  const labels = labelsOf(field.schema, filling)
  if (labels) return classifyMany(document.text, labels)
  const types = typesOf(field.schema)
  if (types.includes("object")) return objectsFor(field, filling)
  const named = findForName(field.name, filling.source)
  if (named) return named.flatMap((value) => adapted(value, types, field, document))
  const said = labelledValues(field.name, document).flatMap((value) =>
    value.split(/[,;|]/).map((one) => one.trim()),
  )
  if (said.length > 0) return said.flatMap((value) => adapted(value, types, field, document))
  const format = textOf(field.schema["format"])
  if (format) return findForFormat(format, document)
  if (!types.includes("string"))
    return types.includes("number") || types.includes("integer") ? document.numbers() : []
  return bulletsUnder(field.name, document)
}

/** The list items under a heading of the field's name; of the whole text when no heading has it. */
function bulletsUnder(name: string, { lines }: Document): string[] {
  const heading = lines.findIndex((line) => !isBullet(line) && fieldWords(line).includes(fieldWords(name)))
  const from = heading < 0 ? lines : lines.slice(heading + 1)
  const found: string[] = []
  for (const line of from) {
    if (isBullet(line)) found.push(unbulleted(line).trim())
    else if (heading >= 0 && found.length > 0 && line.trim() !== "") break
  }
  return found
}

const itemField: [RegExp, keyof LineItem][] = [
  [/\bqty\b|\bquantity\b|\bunits?\b(?! price)|\bcount\b|\bhours\b/, "quantity"],
  [/\bunit (?:price|cost)\b|\bprice\b|\brate\b/, "unit_price"],
  [/\bamount\b|\btotal\b|\bsum\b|\bcost\b/, "amount"],
  [/\bdescription\b|\bname\b|\bitem\b|\bproduct\b|\btitle\b|\barticle\b|\bservice\b/, "description"],
]

/** Lists of objects: the positions of an invoice, or one object from each list item or line that says enough. */
function objectsFor(field: Field, filling: Filling): Json[] {
  const properties = asObject(field.schema["properties"])
  const names = Object.keys(properties)
  const roles = names.map((name) => itemField.find(([words]) => words.test(fieldWords(name)))?.[1])
  if (
    roles.includes("description") &&
    (roles.includes("amount") || roles.includes("unit_price") || roles.includes("quantity"))
  ) {
    return lineItems(filling.source.document.lines).map((item) => itemObject(item, names, roles, properties))
  }
  const { lines } = filling.source.document
  const places = lines.some(isBullet) ? lines.filter(isBullet).map(unbulleted) : lines
  return places.flatMap((place) => {
    const source: Source = { ...filling.source, document: openDocument(place), second: undefined }
    try {
      const value = fill({ ...field, required: false }, { ...filling, source })
      const said = isJsonObject(value)
        ? Object.values(value).filter(
            (one) => one !== null && one !== "" && !(Array.isArray(one) && one.length === 0),
          )
        : []
      return value !== undefined && said.length * 2 > names.length ? [value] : []
    } catch (error) {
      if (!isUnfilled(error)) throw error
      return []
    }
  })
}

function itemObject(
  item: LineItem,
  names: string[],
  roles: (keyof LineItem | undefined)[],
  properties: JsonObject,
): Json {
  const filled: JsonObject = {}
  names.forEach((name, i) => {
    const value = roles[i] && item[roles[i]]
    const schema = asObject(properties[name])
    if (value === undefined) {
      if (typesOf(schema).includes("null")) filled[name] = null
    } else {
      filled[name] = typesOf(schema).includes("string") && typeof value === "number" ? String(value) : value
    }
  })
  return filled
}

function fillScalar(field: Field, types: string[], filling: Filling): Json | undefined {
  const { document } = filling.source
  const candidates: Json[] = []
  if (types.includes("boolean") && types.length === 1) return booleanFor(field, filling)
  if (isConfidence(field.name)) candidates.push(filling.confidence.last)
  const named = findForName(field.name, filling.source)
  const labelled = labelledValues(field.name, document)
  candidates.push(...(named ?? []), ...labelled)
  if (named === undefined && labelled.length === 0) {
    candidates.push(...(findForName(textOf(field.schema["description"]).slice(0, 80), filling.source) ?? []))
  }
  if (types.some((type) => type === "number" || type === "integer"))
    candidates.push(...numbersNear(field.name, document))
  candidates.push(
    ...findForFormat(textOf(field.schema["format"]), document),
    ...matchesOf(field.schema["pattern"], document.text),
  )
  const adaptedOnes = candidates.flatMap((value) => adapted(value, types, field, document))
  const last: Json[] = [
    ...(field.schema["default"] === undefined ? [] : [field.schema["default"]]),
    ...(types.includes("null") ? [null] : []),
    ...(field.required && types.includes("string") ? [""] : []),
  ]
  const value = [...adaptedOnes, ...last].find((one) => fits(field, filling, one))
  if (value === undefined && field.required) throw unfilled(field)
  return value
}

function booleanFor(field: Field, { source }: Filling): Json {
  const [said] = labelledValues(field.name, source.document)
  if (said && /^(?:yes|true|ja|oui|sí|y|x|✓)\b/i.test(said)) return true
  if (said && /^(?:no|false|nein|non|n)\b/i.test(said)) return false
  const name = fieldWords(field.name).replace(
    /^(?:is|has|have|was|were|needs?|should|can|does|contains?|mentions?|includes?|wants?|requires?)\s+/,
    "",
  )
  if (/^(?:question|reply|answer|response)$/.test(name)) return /\?/.test(source.document.mail().body)
  return speaksOf(source.document.evidence(), name)
}
