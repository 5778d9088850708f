import type { InputFault } from "#core/errors"
import { checkTemplate } from "#core/flow/expression/check"
import { templateReferences } from "#core/flow/expression/references"
import { stringsIn } from "#core/flow/kinds/kind"
import { checkSchema } from "#core/json-schema"
import { isJsonObject, type JsonObject } from "#core/json"
import type { OpenApiToolConfig } from "./config.ts"
import { secretsIn, withoutSecrets } from "./secrets.ts"
import type { ToolDraft } from "./tool.ts"

type Text = { path: string; text: string }

/** What keeps a tool from working, beyond the shape of its fields. */
export function toolFaults(draft: ToolDraft): InputFault[] {
  const { input_schema, output_schema } = draft
  const faults = checkSchema(input_schema, "input_schema")
  if (input_schema["type"] !== "object") {
    faults.push({
      path: "input_schema.type",
      message: "A model fills in an object: say object, and name the arguments in properties.",
    })
  }
  if (output_schema) faults.push(...checkSchema(output_schema, "output_schema"))
  return [...faults, ...kindFaults(draft), ...unusedSecrets(draft)]
}

function kindFaults(draft: ToolDraft): InputFault[] {
  const known = Object.keys(draft.credentials ?? {})
  switch (draft.kind) {
    case "http": {
      const { url, headers, query, body } = draft.execution_config
      const texts = [...stringsIn(url, "url"), ...stringsIn(query, "query"), ...stringsIn(body, "body")]
      return [
        ...texts.flatMap(expressionFaults),
        ...stringsIn(headers, "headers").flatMap((one) => secretTextFaults(one, known, expressionFaults)),
      ]
    }
    case "openapi":
      return [...fixedFaults(draft.execution_config.headers, "headers", known), ...operationFaults(draft)]
    case "mcp":
      return fixedFaults(draft.execution_config.headers, "headers", known)
    case "container":
      return fixedFaults(draft.execution_config.env, "env", known)
    case "isolate":
    case "flow":
      return []
    default:
      return draft satisfies never
  }
}

const place = (path: string) => `execution_config.${path}`

/** Texts over `input`, as a call fills them in. */
function expressionFaults({ path, text }: Text): InputFault[] {
  const faults: InputFault[] = []
  const fault = checkTemplate(text)
  if (fault) faults.push({ path: place(path), message: fault.message })
  const stranger = templateReferences(text).roots.find((root) => root !== "input")
  if (stranger !== undefined) {
    const message = `Only input is known here, the model's arguments; ${stranger} is not.`
    faults.push({ path: place(path), message })
  }
  return faults
}

/** A text with a secret holds nothing else that is filled in: else a model's words could ask for the secret's place. */
function secretTextFaults(
  { path, text }: Text,
  known: readonly string[],
  otherwise: (text: Text) => InputFault[],
): InputFault[] {
  const named = secretsIn(text)
  if (named.length === 0) return otherwise({ path, text })
  const missing = named.filter((name) => !known.includes(name))
  if (missing.length > 0)
    return [{ path: place(path), message: `credentials.${missing[0]} is not among this tool's credentials.` }]
  return withoutSecrets(text).includes("{{")
    ? [{ path: place(path), message: "A text with a secret holds no other expression." }]
    : []
}

/** Texts that are sent as they stand, but for secrets. */
const fixedFaults = (texts: Record<string, string>, path: string, known: readonly string[]): InputFault[] =>
  stringsIn(texts, path).flatMap((one) =>
    secretTextFaults(one, known, ({ path: at, text }) =>
      /\{\{[^{}]*\bcredentials\b/.test(text)
        ? [{ path: place(at), message: "Write a secret as {{ credentials.name }}." }]
        : [],
    ),
  )

function unusedSecrets(draft: ToolDraft): InputFault[] {
  if (draft.kind !== "isolate" && draft.kind !== "flow") return []
  return Object.keys(draft.credentials ?? {}).map((name) => ({
    path: `credentials.${name}`,
    message: "This kind of tool has neither headers nor env: a secret would reach nothing.",
  }))
}

type Operation = { input_schema: JsonObject; execution_config: OpenApiToolConfig }

/** What is sent must be an argument, and every part of the path must be sent. */
function operationFaults({ input_schema, execution_config: { path, parameters, body } }: Operation) {
  const properties = isJsonObject(input_schema["properties"]) ? input_schema["properties"] : {}
  const sent: [string, string][] = [
    ...parameters.map(({ argument }, i): [string, string] => [`parameters.${i}.argument`, argument]),
    ...(body === undefined
      ? []
      : "argument" in body
        ? [["body.argument", body.argument] satisfies [string, string]]
        : body.spread.map(({ argument }, i): [string, string] => [`body.spread.${i}.argument`, argument])),
  ]
  const faults = sent
    .filter(([, argument]) => !Object.hasOwn(properties, argument))
    .map(([at, argument]) => ({ path: place(at), message: `There is no argument ${argument}.` }))
  const filled = new Set(parameters.filter((one) => one.in === "path").map((one) => one.name))
  for (const [, name] of path.matchAll(/\{([^{}]*)\}/g))
    if (!filled.has(name!))
      faults.push({ path: place("path"), message: `Nothing is sent for {${name}} of the path.` })
  return faults
}
