import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { ModelMessage } from "#core/llm/call"
import { flowPrompt } from "#core/llm/flow-prompt"
import { asList, asObject, textOf } from "./schema-parts.ts"

/** A node of the flow as it is told, and as it becomes while a request is read. */
export type SceneNode = {
  id: string
  kind: string
  label: string
  inside: string
  data: JsonObject
  x: number
  y: number
}
export type SceneEdge = { from: string; to: string; route: string }
export type SceneKind = {
  kind: string
  title: string
  routes: string[]
  holds: boolean
  takes_input: boolean
  fields: JsonObject
  required: string[]
  example: JsonObject
}
export type SceneNamed = { id: string; name: string; description: string; inputs: JsonObject }

/** What a request is about, and what has been made of it so far. Each clause sees what those before it propose. */
export type Scene = {
  nodes: SceneNode[]
  edges: SceneEdge[]
  selected: string[]
  kinds: SceneKind[]
  every: JsonObject
  named: Record<"agents" | "crews" | "tools" | "flows", SceneNamed[]>
  /** The node that was spoken of last: what "it" means. */
  last: string | undefined
  operations: JsonObject[]
  /** What could not be done, in words. */
  problems: string[]
}

/** The request and its scene, where a prompt is laid out as one; undefined of any other. */
export function sceneOf(messages: readonly ModelMessage[]): { request: string; scene: Scene } | undefined {
  const system = messages.find(({ role }) => role === "system")?.content ?? ""
  const asked = messages.findLast(
    ({ role, content }) => role === "user" && lineOf(content, flowPrompt.flow) !== undefined,
  )
  const catalogue = lineOf(system, flowPrompt.catalogue)
  const flow = asked && lineOf(asked.content, flowPrompt.flow)
  const request = asked && lineOf(asked.content, flowPrompt.request)
  if (!isJsonObject(catalogue) || !isJsonObject(flow) || typeof request !== "string") return undefined
  const told = { ...flow, selected: lineOf(asked!.content, flowPrompt.selected) ?? [] }
  return { request, scene: { ...drawn(told, catalogue), last: spokenOf(messages, flow) } }
}

/** The JSON after a label at the beginning of a line. */
function lineOf(text: string, label: string): Json | undefined {
  const line = text.split("\n").find((one) => one.startsWith(label))
  if (line === undefined) return undefined
  try {
    return JSON.parse(line.slice(label.length)) as Json
  } catch {
    return undefined
  }
}

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []
const numberOf = (value: Json | undefined): number => (typeof value === "number" ? value : 0)

function drawn(flow: JsonObject, catalogue: JsonObject): Omit<Scene, "last"> {
  const named = (sort: string): SceneNamed[] =>
    objects(catalogue[sort]).map((one) => ({
      id: textOf(one["id"]),
      name: textOf(one["name"]),
      description: textOf(one["description"]),
      inputs: asObject(one["inputs"]),
    }))
  return {
    nodes: objects(flow["nodes"]).map((one) => ({
      id: textOf(one["id"]),
      kind: textOf(one["kind"]),
      label: textOf(one["label"]),
      inside: textOf(one["inside"]),
      data: asObject(one["data"]),
      x: numberOf(one["x"]),
      y: numberOf(one["y"]),
    })),
    edges: objects(flow["edges"]).map((one) => ({
      from: textOf(one["from"]),
      to: textOf(one["to"]),
      route: textOf(one["route"]) || "out",
    })),
    selected: asList(flow["selected"]).filter((one) => typeof one === "string"),
    kinds: objects(catalogue["kinds"]).map((one) => ({
      kind: textOf(one["kind"]),
      title: textOf(one["title"]),
      routes: asList(one["routes"]).filter((route) => typeof route === "string"),
      holds: one["holds"] === true,
      takes_input: one["takes_input"] === true,
      fields: asObject(one["fields"]),
      required: asList(one["required"]).filter((name) => typeof name === "string"),
      example: asObject(one["example"]),
    })),
    every: asObject(catalogue["every_node"]),
    named: { agents: named("agents"), crews: named("crews"), tools: named("tools"), flows: named("flows") },
    operations: [],
    problems: [],
  }
}

/** The node that the last proposal ended with, when it is there now. */
function spokenOf(messages: readonly ModelMessage[], flow: JsonObject): string | undefined {
  const said = messages.findLast(({ role }) => role === "assistant")?.content ?? ""
  const there = new Set(objects(flow["nodes"]).map((one) => textOf(one["id"])))
  try {
    const answer = JSON.parse(said) as Json
    const operations = isJsonObject(answer) ? objects(answer["operations"]) : []
    const ids = operations.map((one) => textOf(one["op"] === "add_node" ? one["id"] : one["node"]))
    const added = operations.findLast((one) => one["op"] === "add_node" && there.has(textOf(one["id"])))
    return added ? textOf(added["id"]) : ids.findLast((id) => there.has(id))
  } catch {
    return undefined
  }
}

export const kindOf = (scene: Scene, kind: string): SceneKind | undefined =>
  scene.kinds.find((one) => one.kind === kind)

export const nodeOf = (scene: Scene, id: string): SceneNode | undefined =>
  scene.nodes.find((one) => one.id === id)

/** How people call a node. */
export const nameOf = (node: SceneNode): string => node.label || node.id

/** The routes that a node has, the usual one first. */
export function routesOf(scene: Scene, node: SceneNode): string[] {
  const lists: Record<string, string> = { condition: "branches", classify: "classes", approval: "buttons" }
  const list = lists[node.kind]
  if (list === undefined) return kindOf(scene, node.kind)?.routes ?? []
  const own = objects(node.data[list]).map((one) => textOf(one["id"]))
  return [...own, node.kind === "approval" ? "timeout" : "else"]
}

/** What one reads of a node in an expression: the input of the execution, or what the node gave. */
export function readingOf(node: SceneNode | undefined): string {
  if (!node || node.kind === "input") return "input"
  return /^[A-Za-z_]\w*$/.test(node.id) ? `nodes.${node.id}` : `nodes.\`${node.id}\``
}

// What a clause proposes is done in the scene as well, so that the next one finds it.

export function addNode(scene: Scene, node: Omit<SceneNode, "x" | "y">): void {
  scene.nodes.push({ ...node, x: 0, y: 0 })
  scene.last = node.id
  const { id, kind, label, data, inside } = node
  scene.operations.push({
    op: "add_node",
    id,
    kind,
    ...(label === "" ? {} : { label }),
    data,
    ...(inside === "" ? {} : { inside }),
  })
}

export function connect(scene: Scene, from: string, to: string, route = "out"): void {
  if (scene.edges.some((one) => one.from === from && one.to === to && one.route === route)) return
  scene.edges.push({ from, to, route })
  scene.operations.push({ op: "connect", from, to, ...(route === "out" ? {} : { route }) })
}

export function disconnect(scene: Scene, { from, to, route }: SceneEdge): void {
  scene.edges = scene.edges.filter((one) => one.from !== from || one.to !== to || one.route !== route)
  scene.operations.push({ op: "disconnect", from, to, ...(route === "out" ? {} : { route }) })
}

export function setField(scene: Scene, node: SceneNode, field: string, value: Json): void {
  if (!field.includes(".")) node.data = { ...node.data, [field]: value }
  scene.last = node.id
  scene.operations.push({ op: "set", node: node.id, field, value })
}

export function removeNode(scene: Scene, id: string): void {
  scene.nodes = scene.nodes.filter((one) => one.id !== id)
  scene.edges = scene.edges.filter((one) => one.from !== id && one.to !== id)
  scene.operations.push({ op: "remove", node: id })
}

/** A name for a new node that nobody has. */
export function freeId(scene: Scene, wanted: string): string {
  const base =
    wanted
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|(?<!_)_+$/g, "")
      .replace(/^(?=\d)/, "step_")
      .slice(0, 40) || "step"
  let id = base
  for (let n = 2; nodeOf(scene, id); n++) id = `${base}_${n}`
  return id
}
