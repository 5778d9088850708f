import type { InputFault } from "#core/errors"
import type { FlowNode } from "#core/flow/graph"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { Drawing, type Step } from "../drawing.ts"
import type { Drawn } from "../drawn.ts"
import { listOf, numberOf, objectOf, objectsOf, pointOf, textOf } from "../fields.ts"
import { stepOf, type Mapped } from "./steps.ts"
import { Variables } from "./variables.ts"

type FlowiseNode = {
  key: string
  kind: string
  name: string
  parent: string
  said: JsonObject
  data: JsonObject
}

/** An agentflow of Flowise as a flow of ours. */
export function importFlowise(value: JsonObject): Drawn {
  const faults: InputFault[] = []
  const nodes = nodesOf(value["nodes"], faults)
  if (listOf(value["nodes"]).length === 0)
    faults.push({ path: "content.nodes", message: "There are no steps in it." })
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, 50) }
  const importer = new Importer(nodes, objectsOf(value["edges"]))
  const drawing = importer.draw()
  return {
    ok: true,
    name: textOf(value["name"]),
    description: textOf(value["description"]),
    version: "",
    drawing,
    input_schema: importer.inputSchema,
  }
}

function nodesOf(given: Json | undefined, faults: InputFault[]): FlowiseNode[] {
  const keys = new Set<string>()
  return listOf(given).flatMap((one, i): FlowiseNode[] => {
    const fault = (path: string, message: string): FlowiseNode[] => {
      faults.push({ path: `content.nodes.${i}${path}`, message })
      return []
    }
    if (!isJsonObject(one)) return fault("", "A step is an object.")
    if (!isJsonObject(one["data"])) return fault(".data", "A step has data.")
    const key = textOf(one["id"])
    if (key === "") return fault(".id", "A step has an id.")
    if (keys.has(key)) return fault(".id", `Two steps have the id ${key.slice(0, 100)}.`)
    keys.add(key)
    const said = textOf(one["data"]["name"])
    const isV2 = said.endsWith("Agentflow")
    return [
      {
        key,
        kind: isV2 ? said.replace(/Agentflow$/, "") : said === "stickyNote" ? said : `chatflow:${said}`,
        name: textOf(one["data"]["label"]) || said || key,
        parent: textOf(one["parentNode"]),
        said: one,
        data: one["data"],
      },
    ]
  })
}

class Importer {
  inputSchema: JsonObject = { type: "object", properties: {} }
  readonly #drawing = new Drawing("flowise")
  readonly #nodes: FlowiseNode[]
  readonly #edges: JsonObject[]
  readonly #byKey: Map<string, FlowiseNode>
  readonly #drawn = new Map<string, FlowNode>()
  readonly #handles = new Map<string, string[]>()

  constructor(nodes: FlowiseNode[], edges: JsonObject[]) {
    this.#nodes = nodes
    this.#edges = edges
    this.#byKey = new Map(nodes.map((node) => [node.key, node]))
    for (const node of nodes) this.#drawing.idOf({ key: node.key, name: node.name })
  }

  draw(): Drawing {
    const drawing = this.#drawing
    for (const node of this.#nodes) this.#place(node)
    this.#begin()
    for (const node of this.#nodes.filter((one) => one.kind === "iteration"))
      drawing.wrap(this.#drawn.get(node.key)!, "frame")
    this.#connect()
    drawing.afterOutputs()
    drawing.cutCircles("Flowise")
    this.#end()
    return drawing
  }

  #place(node: FlowiseNode): void {
    const { key, name, kind, said, data } = node
    const size = { width: numberOf(said["width"]) ?? 240, height: numberOf(said["height"]) ?? 100 }
    const step: Step = {
      key,
      name,
      kind: textOf(data["name"]) || kind,
      position: pointOf(said["position"]),
      original: slimOf(said),
      size,
    }
    const holder = this.#byKey.get(node.parent)
    const parent = holder?.kind === "iteration" ? this.#drawing.known(holder.key) : undefined
    const inputs = objectOf(data["inputs"])
    if (kind === "stickyNote") {
      const text = textOf(inputs["note"]).slice(0, 20_000)
      this.#drawn.set(
        key,
        this.#drawing.place({ ...step, name: "" }, { type: "note", data: { text } }, parent),
      )
      return
    }
    const id = this.#drawing.known(key)!
    const words = new Variables({
      step: (other) => {
        const found = this.#byKey.get(other)
        return found && { id: this.#drawing.known(other)!, kind: found.kind }
      },
      isInside: parent !== undefined,
    })
    const mapped =
      kind === "start"
        ? this.#start(inputs)
        : stepOf(kind, { inputs, words, missing: (what, of) => this.#drawing.missing(what, of, id) })
    if (mapped.handles) this.#handles.set(key, mapped.handles)
    const made =
      "opaque" in mapped.made
        ? { ...mapped.made, routes: this.#routes(node) }
        : { ...mapped.made, notes: [...(mapped.made.notes ?? []), ...words.notes] }
    this.#drawn.set(key, this.#drawing.place(step, made, parent))
  }

  #start(inputs: JsonObject): Mapped {
    const notes: string[] = []
    const isForm = inputs["startInputType"] === "formInput"
    const types: Record<string, JsonObject> = { number: { type: "number" }, boolean: { type: "boolean" } }
    const fields = isForm
      ? objectsOf(inputs["formInputTypes"]).filter((one) => textOf(one["name"]) !== "")
      : []
    const asked = fields.map((one) => {
      const options = objectsOf(one["addOptions"])
        .map((option) => textOf(option["option"]))
        .filter(Boolean)
      return [
        textOf(one["name"]),
        {
          ...(types[textOf(one["type"])] ?? { type: "string" }),
          title: textOf(one["label"]),
          ...(options.length > 0 ? { enum: options } : {}),
        },
      ] as const
    })
    this.inputSchema = {
      type: "object",
      properties: isForm
        ? Object.fromEntries(asked)
        : { question: { type: "string", title: "Question", format: "textarea" } },
      ...(isForm ? {} : { required: ["question"] }),
    }
    const state = objectsOf(inputs["startState"])
      .map((one) => textOf(one["key"]))
      .filter(Boolean)
    if (state.length > 0)
      notes.push(
        `The flow's state (${state.join(", ").slice(0, 200)}) has no counterpart: steps read each other's outputs.`,
      )
    if (inputs["startEphemeralMemory"] !== true && !isForm)
      notes.push("It is a chat there that remembers; here each question begins an execution.")
    return { made: { type: "input", data: {}, notes } }
  }

  #begin(): void {
    if (this.#nodes.some((node) => node.kind === "start")) return
    const left = Math.min(...this.#drawing.nodes.map((node) => node.position.x))
    const input = this.#drawing.add("input", "input", { x: left - 300, y: 0 }, {}, "Input")
    const led = new Set(this.#edges.map((edge) => textOf(edge["target"])))
    for (const node of this.#nodes)
      if (!led.has(node.key) && node.kind !== "stickyNote" && node.parent === "")
        this.#drawing.connect(input.id, this.#drawing.known(node.key)!)
    this.#drawing.notes.push(
      "The file has no start, so an input was added. A chatflow is not an agentflow: only what it shows is taken over.",
    )
  }

  /** By which output an edge leaves: `conditionAgentflow_0-output-1`. */
  #outputOf = (edge: JsonObject): number =>
    numberOf(/-output-(\d+)$/.exec(textOf(edge["sourceHandle"]))?.[1] ?? "") ?? 0

  #routes(node: FlowiseNode) {
    const most = Math.min(
      100,
      Math.max(0, ...this.#edges.filter((edge) => edge["source"] === node.key).map(this.#outputOf)),
    )
    if (most === 0) return []
    const routes = Array.from({ length: most + 1 }, (_, i) => ({
      id: `out_${i + 1}`,
      label: `Output ${i + 1}`,
    }))
    this.#handles.set(
      node.key,
      routes.map((one) => one.id),
    )
    return routes
  }

  #connect(): void {
    for (const edge of this.#edges) {
      const [source, target] = [textOf(edge["source"]), textOf(edge["target"])]
      const [from, to] = [this.#drawn.get(source), this.#drawn.get(target)]
      const drop = (why: string) => this.#drawing.dropped(`${source} → ${target}`, "edge", why)
      if (!from || !to) drop("It leads from or to a step that the file does not hold.")
      else if (from.type === "note" || to.type === "note" || to.type === "input")
        drop("Nothing leads into what begins a flow, or out of a note.")
      else if (from.parent_id !== to.parent_id) drop("It crosses the border of a frame.")
      else this.#drawing.connect(from.id, to.id, this.#handles.get(source)?.[this.#outputOf(edge)] ?? "out")
    }
  }

  #end(): void {
    const ends = this.#drawing.ends().filter((node) => node.type !== "input")
    this.#drawing.endAfter(
      ends,
      "An output was added after the last steps: Flowise answers with what the last one says.",
    )
  }
}

/** A step without the description of every setting that its kind has, which is the same in each file. */
const slimOf = (said: JsonObject): JsonObject => {
  const { inputParams: _, inputAnchors: __, outputAnchors: ___, ...data } = objectOf(said["data"])
  return { ...said, data }
}
