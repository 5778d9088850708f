import type { JsonObject } from "#core/json"
import { readOpenApi } from "#core/tool/openapi/document"
import { operationsOf, type Operation } from "#core/tool/openapi/operations"
import { schemesOf } from "#core/tool/openapi/security"
import type { OpenApiToolConfig } from "#core/tool/config"
import { Drawing } from "../drawing.ts"
import type { Drawn } from "../drawn.ts"
import { objectOf, textOf } from "../fields.ts"
import { jsonata, literal } from "../words.ts"

/** A condition has so many routes at most: with more operations, several stand one after the other. */
const mostRoutes = 50
const most = 300
const row = 76
/** Where requests go of a document that names no server, until somebody says where. */
const nowhere = "https://server.invalid"

/** A document of OpenAPI as a flow that calls the operation which its inputs name. */
export function importOpenApiFlow(value: JsonObject): Drawn {
  const read = readOpenApi(value)
  if (!read.ok)
    return {
      ok: false,
      faults: read.faults.map((one) => ({ ...one, path: one.path.replace(/^document/, "content") })),
    }
  const operations = operationsOf(read.document, {})
  const isHomeless =
    operations.length > 0 &&
    operations.every((one) => one.problems.some((problem) => problem.at === "#/servers"))
  if (isHomeless) return importOpenApiFlow({ ...value, servers: [{ url: nowhere }] })
  if (operations.length === 0)
    return { ok: false, faults: [{ path: "content.paths", message: "The document has no operations." }] }
  if (operations.length > most)
    return {
      ok: false,
      faults: [
        {
          path: "content.paths",
          message: `A flow is made of ${most} operations at most; these are ${operations.length}. Import it as tools instead.`,
        },
      ],
    }
  const schemes = new Map(schemesOf(read.document).map((one) => [one.scheme, one]))
  const drawing = drawn(operations, (drawing, id, { security }) => {
    for (const scheme of new Set(security.flat())) {
      const known = schemes.get(scheme)
      drawing.missing(scheme, [known?.kind ?? "credential", known?.name].filter(Boolean).join(" "), id)
    }
  })
  const info = objectOf(read.document.root["info"])
  return {
    ok: true,
    name: textOf(info["title"]).trim(),
    description: textOf(info["description"]),
    version: textOf(read.document.root["openapi"]),
    drawing,
    input_schema: inputSchemaOf(operations),
  }
}

const callable = (operations: readonly Operation[]) => operations.filter((one) => one.draft !== undefined)

function inputSchemaOf(operations: readonly Operation[]): JsonObject {
  const names = callable(operations).map((one) => one.draft!.name)
  return {
    type: "object",
    properties: {
      operation: { type: "string", title: "Operation", ...(names.length > 0 ? { enum: names } : {}) },
      arguments: { type: "object", title: "Arguments", description: "The operation's arguments by name" },
    },
    required: ["operation"],
  }
}

function drawn(
  operations: readonly Operation[],
  wanting: (drawing: Drawing, id: string, operation: Operation) => void,
): Drawing {
  const drawing = new Drawing("openapi")
  const known = callable(operations)
  const input = drawing.add("input", "input", { x: 0, y: 0 }, {}, "Input")
  const x = 300 * Math.max(1, Math.ceil(known.length / mostRoutes))
  const output = drawing.add("output", "output", { x: x + 640, y: 0 }, {}, "Output")
  for (const operation of operations)
    drawing.idOf({ key: operation.key, name: operation.draft?.name ?? operation.key })
  let before = { id: input.id, handle: "out" }
  for (let first = 0; first < known.length; first += mostRoutes) {
    const part = known.slice(first, first + mostRoutes)
    const branches = part.map((one) => ({
      id: `to_${drawing.known(one.key)!}`.slice(0, 64),
      when: `input.operation = ${JSON.stringify(one.draft!.name)}`,
    }))
    const at = { x: 300 * (1 + first / mostRoutes), y: 0 }
    const choice = drawing.add("operation", "condition", at, { branches }, "Which operation")
    drawing.connect(before.id, choice.id, before.handle)
    before = { id: choice.id, handle: "else" }
    for (const [i, one] of part.entries())
      drawing.connect(choice.id, drawing.known(one.key)!, branches[i]!.id)
  }
  for (const [i, operation] of operations.entries()) {
    const step = {
      key: operation.key,
      name: operation.summary.slice(0, 80) || operation.key,
      kind: operation.key,
      position: { x: x + 300, y: i * row },
      original: { method: operation.method, path: operation.path, summary: operation.summary },
    }
    if (!operation.draft) {
      drawing.place(step, { opaque: operation.problems[0]?.message ?? "It cannot be called." })
      continue
    }
    const notes = operation.notes.map((note) => `${note.at}: ${note.message}`)
    if (operation.draft.execution_config.server_url === nowhere)
      notes.unshift(`The document names no server: put its address in the place of ${nowhere}.`)
    const node = drawing.place(step, {
      type: "http",
      data: requestOf(operation.draft.execution_config, notes),
      notes,
    })
    if (operation.security.length > 0) wanting(drawing, node.id, operation)
    drawing.connect(node.id, output.id)
  }
  const without = drawing.report.filter((one) => one.fidelity === "opaque").length
  if (without > 0)
    drawing.notes.push(
      `${without} of ${operations.length} operations cannot be called, and stay as placeholders.`,
    )
  return drawing
}

/** One operation as a request, with its arguments out of the flow's inputs. */
function requestOf(config: OpenApiToolConfig, notes: string[]): JsonObject {
  const place = (argument: string): string => jsonata(["input", "arguments", argument])
  const query: JsonObject = {}
  const headers: JsonObject = {}
  const parts = new Map<string, string>()
  for (const { name, in: where, argument, style, explode, json } of config.parameters) {
    if (style !== undefined || explode !== undefined || json)
      notes.push(`${name} is sent as plain text, without the style that the document gives it.`)
    if (where === "path") parts.set(name, `{{ $encodeUrlComponent($string(${place(argument)})) }}`)
    else if (where === "query") query[name] = `{{ ${place(argument)} }}`
    else if (where === "header") headers[name] = `{{ ${place(argument)} }}`
    else notes.push(`The cookie ${name} is not sent.`)
  }
  const { body } = config
  if (body && !/json/i.test(body.content_type)) headers["content-type"] = body.content_type
  const path = config.path
    .split(/(\{[^{}]*\})/)
    .map((part) => parts.get(part.slice(1, -1)) ?? literal(part))
    .join("")
  return {
    method: config.method,
    url: `${config.server_url.replace(/(?<!\/)\/+$/, "")}${path}`,
    ...(Object.keys(query).length > 0 ? { query } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(body === undefined
      ? {}
      : {
          body:
            "argument" in body
              ? `{{ ${place(body.argument)} }}`
              : Object.fromEntries(
                  body.spread.map(({ name, argument }) => [name, `{{ ${place(argument)} }}`]),
                ),
        }),
  }
}
