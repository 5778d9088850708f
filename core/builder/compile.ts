import type { Canvas } from "#core/canvas/canvas"
import { refusal } from "#core/canvas/check"
import type { SingleOperation } from "#core/canvas/operation"
import { sourceHandle, type FlowEdge, type FlowNode } from "#core/flow/graph"
import { kindOf, kinds } from "#core/flow/kinds"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { shownAgain } from "./hidden.ts"
import type { ProposedOf, ProposedOperation } from "./operation.ts"

/** What a proposed change is on the canvas as it stands, or why it cannot be made there. */
export type Compiled = { operations: SingleOperation[]; edge?: string } | { fault: string }

/** Words about a node that is not there: one that was when the change was proposed has gone since. */
export type SayGone = (id: string) => string

const fault = (words: string): Compiled => ({ fault: words })
const so = fault("It is so already.")

export function compile(canvas: Canvas, operation: ProposedOperation, sayGone: SayGone): Compiled {
  const made = operationsOf(canvas, operation, sayGone)
  if ("fault" in made) return made
  for (const one of made.operations) {
    const refused = refusal(canvas, one)
    if (refused) return fault(refused.message)
  }
  return made
}

function operationsOf(canvas: Canvas, operation: ProposedOperation, sayGone: SayGone): Compiled {
  switch (operation.op) {
    case "add_node":
      return adding(canvas, operation, sayGone)
    case "connect":
      return connecting(canvas, operation, sayGone)
    case "disconnect":
      return disconnecting(canvas, operation, sayGone)
    case "set":
      return setting(canvas, operation, sayGone)
    case "put_inside":
      return putting(canvas, operation, sayGone)
    case "set_flow":
      return settingFlow(canvas, operation)
    default: {
      const node = canvas.nodes.get(operation.node)
      return node ? simple(node, operation) : fault(sayGone(operation.node))
    }
  }
}

function simple(node: FlowNode, operation: ProposedOf<"rename" | "remove" | "move">): Compiled {
  const { id } = node
  switch (operation.op) {
    case "rename":
      if (node.label === operation.label) return so
      return { operations: [{ type: "set", node: id, field: "label", value: operation.label }] }
    case "remove":
      return { operations: [{ type: "remove", nodes: [id], edges: [] }] }
    case "move": {
      const { x, y } = operation
      if (node.position.x === x && node.position.y === y) return so
      return { operations: [{ type: "move", moves: [{ id, x, y }] }] }
    }
    default:
      return operation satisfies never
  }
}

function adding(canvas: Canvas, operation: ProposedOf<"add_node">, sayGone: SayGone): Compiled {
  const { id, kind, label, data, inside } = operation
  if (!Object.hasOwn(kinds, kind)) return fault(`There is no node kind ${kind.slice(0, 40)}.`)
  if (canvas.nodes.has(id)) return fault(`There is a node ${id} already.`)
  const why = inside === undefined ? undefined : whyNotInside(canvas, inside, sayGone)
  if (why !== undefined) return fault(why)
  if (JSON.stringify(data).includes("(removed)"))
    return fault("It would write a secret that nobody has shown to the model. Use stored credentials.")
  const node: FlowNode = {
    id,
    type: kind,
    // Where it goes is decided by whoever draws it.
    position: { x: 0, y: 0 },
    data,
    ...(inside === undefined ? {} : { parent_id: inside }),
    ...(label ? { label } : {}),
  }
  return { operations: [{ type: "add", nodes: [node], edges: [] }] }
}

function whyNotInside(canvas: Canvas, id: string, sayGone: SayGone): string | undefined {
  const holder = canvas.nodes.get(id)
  if (!holder) return sayGone(id)
  if (kindOf(holder.type)?.holds !== undefined) return undefined
  return `Nothing can lie inside ${id}: only maps, loops and groups hold nodes.`
}

const edgesBetween = (canvas: Canvas, from: string, to: string): FlowEdge[] =>
  [...canvas.edges.values()].filter((edge) => edge.source === from && edge.target === to)

function connecting(canvas: Canvas, { from, to, route }: ProposedOf<"connect">, sayGone: SayGone): Compiled {
  const [source, target] = [canvas.nodes.get(from), canvas.nodes.get(to)]
  if (!source) return fault(sayGone(from))
  if (!target) return fault(sayGone(to))
  if (from === to) return fault("A node cannot lead to itself.")
  if (kindOf(target.type)?.takesInput === false) return fault(`Nothing can lead to ${to}.`)
  const handles = (kindOf(source.type)?.handles(source.data) ?? []).map(({ id }) => id)
  const handle = route ?? (handles.includes("out") ? "out" : handles.length === 1 ? handles[0]! : "out")
  if (!handles.includes(handle)) {
    const has = handles.length > 0 ? ` It has ${handles.join(", ")}.` : ""
    return fault(`The node ${from} has no route ${handle}.${has}`)
  }
  if (edgesBetween(canvas, from, to).some((edge) => sourceHandle(edge) === handle)) return so
  const wanted = handle === "out" ? `${from}-${to}` : `${from}.${handle}-${to}`
  let id = wanted
  for (let n = 2; canvas.edges.has(id); n++) id = `${wanted}-${n}`
  const edge: FlowEdge = {
    id,
    source: from,
    target: to,
    ...(handle === "out" ? {} : { source_handle: handle }),
  }
  const add: SingleOperation = { type: "add", nodes: [], edges: [edge] }
  const isError = handle === "error" && source.data["on_error"] !== "route"
  // An edge from the error handle also says that errors take it.
  const set: SingleOperation = { type: "set", node: from, field: "data.on_error", value: "route" }
  return { operations: isError ? [add, set] : [add], edge: id }
}

function disconnecting(
  canvas: Canvas,
  { from, to, route }: ProposedOf<"disconnect">,
  sayGone: SayGone,
): Compiled {
  for (const id of [from, to]) if (!canvas.nodes.has(id)) return fault(sayGone(id))
  const found = edgesBetween(canvas, from, to).filter(
    (edge) => route === undefined || sourceHandle(edge) === route,
  )
  if (found.length === 0) return fault(`There is no edge from ${from} to ${to}.`)
  return { operations: [{ type: "remove", nodes: [], edges: found.map(({ id }) => id) }] }
}

function setting(canvas: Canvas, operation: ProposedOf<"set">, sayGone: SayGone): Compiled {
  const node = canvas.nodes.get(operation.node)
  if (!node) return fault(sayGone(operation.node))
  const path = operation.field.replace(/^data\./, "").split(".")
  const [top] = path
  const was = at(node.data, path)
  const value = operation.value === undefined ? undefined : shownAgain(operation.value, was)
  if (operation.value !== undefined && value === undefined)
    return fault("It would write over a secret that the model was not shown.")
  if (JSON.stringify(was) === JSON.stringify(value)) return so
  const next = put(node.data, path, value)[top!]
  return {
    operations: [
      { type: "set", node: node.id, field: `data.${top}`, ...(next === undefined ? {} : { value: next }) },
    ],
  }
}

const own = (value: Json | undefined, key: string): Json | undefined =>
  (Array.isArray(value) || isJsonObject(value)) && Object.hasOwn(value, key)
    ? (value as JsonObject)[key]
    : undefined

const at = (value: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => own(inner, key), value)

/** The data with another value at a path; lists are entered by number. */
function put(data: JsonObject, [key = "", ...rest]: readonly string[], value: Json | undefined): JsonObject {
  const next = rest.length === 0 ? value : putInto(own(data, key), rest, value)
  const { [key]: _was, ...others } = data
  return next === undefined ? others : { ...others, [key]: next }
}

function putInto(was: Json | undefined, path: readonly string[], value: Json | undefined): Json {
  if (!Array.isArray(was)) return put(isJsonObject(was) ? was : {}, path, value)
  const [key = "", ...rest] = path
  const i = Number(key)
  if (!Number.isInteger(i) || i < 0 || i > was.length) return was
  const next = rest.length === 0 ? value : putInto(was[i], rest, value)
  return next === undefined ? was.toSpliced(i, 1) : was.toSpliced(i, 1, next)
}

function putting(canvas: Canvas, { node: id, inside }: ProposedOf<"put_inside">, sayGone: SayGone): Compiled {
  const node = canvas.nodes.get(id)
  if (!node) return fault(sayGone(id))
  const why = inside === null ? undefined : whyNotInside(canvas, inside, sayGone)
  if (why !== undefined) return fault(why)
  if ((node.parent_id ?? null) === inside) return so
  return { operations: [{ type: "nest", moves: [{ id, parent_id: inside, ...node.position }] }] }
}

function settingFlow(canvas: Canvas, { field, value }: ProposedOf<"set_flow">): Compiled {
  if (JSON.stringify(canvas.fields[field]) === JSON.stringify(value)) return so
  if (value !== undefined) return { operations: [{ type: "field", field, value }] }
  if (field === "name") return fault("A flow has a name.")
  return { operations: [{ type: "field", field, ...(field === "description" ? { value: "" } : {}) }] }
}
