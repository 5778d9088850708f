import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { mostEdges, mostNodes } from "#core/flow/graph"
import { drawnKind } from "#core/flow/kinds"
import { cyclic } from "#core/flow/walk"
import type { Json, JsonObject } from "#core/json"
import type { ForeignFormat } from "./format.ts"
import type { ImportedNode, MissingCredential } from "./report.ts"
import { nodeName } from "./words.ts"

/** What a step becomes: a node of ours, with a word on each difference; or nothing that could run, and why. */
export type Made = { type: string; data: JsonObject; notes?: string[] } | { opaque: string; routes?: Route[] }
export type Route = { id: string; label: string }

/** A step as its file has it. */
export type Step = {
  /** Its id there. */
  key: string
  name: string
  kind: string
  position: { x: number; y: number }
  original: Json
  size?: { width: number; height: number } | undefined
}

/** A placeholder holds as much of its original; the whole stands in the kept file. */
const mostOriginal = 60_000
const padding = 24
const box = { width: 200, height: 56 }

/** A flow that comes into being from somebody else's, with a word on every part. */
export class Drawing {
  readonly nodes: FlowNode[] = []
  readonly edges: FlowEdge[] = []
  readonly report: ImportedNode[] = []
  readonly notes: string[] = []
  readonly #format: ForeignFormat
  readonly #ids = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #edgeIds = new Set<string>()
  readonly #missing = new Map<string, MissingCredential>()

  constructor(format: ForeignFormat) {
    this.#format = format
  }

  /** The name of a step's node, the same whenever it is asked: expressions may speak of steps that come later. */
  idOf({ key, name }: Pick<Step, "key" | "name">): string {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = nodeName(name, this.#taken)
    this.#taken.add(id)
    this.#ids.set(key, id)
    return id
  }

  known = (key: string): string | undefined => this.#ids.get(key)

  /** Draws a step, and writes down what became of it. */
  place(step: Step, made: Made, parent_id?: string): FlowNode {
    const id = this.idOf(step)
    const isOpaque = "opaque" in made
    const { type, data } = isOpaque
      ? { type: "foreign", data: this.#kept(step, made.opaque, made.routes) }
      : made
    const notes = isOpaque ? [made.opaque] : [...(made.notes ?? []), ...lacking(type, data)]
    const node: FlowNode = {
      id,
      type,
      position: { x: Math.round(step.position.x), y: Math.round(step.position.y) },
      data,
      ...(parent_id === undefined ? {} : { parent_id }),
      ...(step.size && type === "note" ? { size: sizeWithin(step.size) } : {}),
      ...(step.name === "" ? {} : { label: step.name.slice(0, 200) }),
    }
    this.nodes.push(node)
    this.report.push({
      id,
      name: step.name.slice(0, 200) || id,
      kind: step.kind.slice(0, 200),
      becomes: type,
      fidelity: isOpaque ? "opaque" : notes.length > 0 ? "changed" : "exact",
      notes: [...new Set(notes)].slice(0, 20).map((note) => note.slice(0, 500)),
    })
    return node
  }

  /** A node that the file has not, such as the input that every flow begins with. */
  add(
    name: string,
    type: string,
    position: { x: number; y: number },
    data: JsonObject,
    label?: string,
  ): FlowNode {
    const id = this.idOf({ key: `\u0000${name}${this.#ids.size}`, name })
    const node: FlowNode = { id, type, position, data, ...(label === undefined ? {} : { label }) }
    this.nodes.push(node)
    return node
  }

  /** Writes down what became of a part that has no node of its own. */
  say(entry: ImportedNode): void {
    this.report.push(entry)
  }

  dropped(name: string, kind: string, why: string): void {
    this.report.push({ name: name.slice(0, 200), kind, fidelity: "dropped", notes: [why] })
  }

  /** More that is to be said of a step that was drawn. */
  remark(id: string, notes: string[]): void {
    const known = this.report.find((one) => one.id === id)
    if (!known || notes.length === 0) return
    known.notes = [...new Set([...known.notes, ...notes])].slice(0, 20).map((note) => note.slice(0, 500))
    if (known.fidelity === "exact") known.fidelity = "changed"
  }

  /** A secret that a person has to give, and the node that wants it; none when no single one does. */
  missing(name: string, kind: string, node_id: string): void {
    const known = this.#missing.get(`${kind} ${name}`) ?? {
      name: name.slice(0, 200),
      kind: kind.slice(0, 200),
      node_ids: [],
    }
    if (node_id !== "" && !known.node_ids.includes(node_id)) known.node_ids.push(node_id)
    this.#missing.set(`${kind} ${name}`, known)
  }

  get missingCredentials(): MissingCredential[] {
    return [...this.#missing.values()]
  }

  /** An edge, once: two from one handle to the same node are one. */
  connect(source: string, target: string, handle = "out"): void {
    const id = handle === "out" ? `${source}-${target}` : `${source}.${handle}-${target}`
    if (this.#edgeIds.has(id)) return
    this.#edgeIds.add(id)
    this.edges.push({ id, source, target, ...(handle === "out" ? {} : { source_handle: handle }) })
  }

  /** Draws a frame around the nodes inside it; their places were counted from the frame's corner or from the canvas's. */
  wrap(holder: FlowNode, from: "canvas" | "frame"): void {
    const inside = this.nodes.filter((node) => node.parent_id === holder.id)
    if (inside.length === 0) return
    const left = Math.min(...inside.map((node) => node.position.x))
    const top = Math.min(...inside.map((node) => node.position.y))
    const header = box.height + padding
    if (from === "canvas") holder.position = { x: left - padding, y: top - header }
    for (const node of inside)
      node.position = { x: node.position.x - left + padding, y: node.position.y - top + header }
    const reach = (of: (node: FlowNode) => number): number => Math.max(...inside.map(of)) + padding
    holder.size = sizeWithin({
      width: reach((node) => node.position.x + (node.size ?? box).width),
      height: reach((node) => node.position.y + (node.size ?? box).height),
    })
  }

  /** An answer is not always the end elsewhere; here an output is, so what followed it follows what led to it. */
  afterOutputs(): void {
    const outputs = new Set(this.nodes.filter((node) => node.type === "output").map((node) => node.id))
    for (const edge of this.edges.filter((one) => outputs.has(one.source))) {
      this.edges.splice(this.edges.indexOf(edge), 1)
      for (const before of this.edges.filter((one) => one.target === edge.source))
        if (before.source !== edge.target) this.connect(before.source, edge.target, before.source_handle)
    }
  }

  /** The nodes of the flow's own level that nothing follows. */
  ends(): FlowNode[] {
    const left = new Set(this.edges.map((edge) => edge.source))
    const led = new Set(this.edges.map((edge) => edge.target))
    const isEnd = ({ id, type }: FlowNode): boolean =>
      !["note", "group", "output"].includes(type) && !left.has(id) && (type !== "foreign" || led.has(id))
    return this.nodes.filter((node) => node.parent_id === undefined && isEnd(node))
  }

  /** Adds an output after the last steps, where there is none that they lead to. */
  endAfter(ends: FlowNode[], why: string): void {
    if (ends.length === 0) return
    const x = Math.max(...this.nodes.map((node) => node.position.x + (node.size?.width ?? box.width))) + 80
    const output = this.add("output", "output", { x, y: ends[0]!.position.y }, {}, "Output")
    for (const node of ends) for (const handle of exitsOf(node)) this.connect(node.id, output.id, handle)
    this.notes.push(why)
  }

  /** Takes out the edges that lead back, which no flow may have, and says which. */
  cutCircles(product: string): void {
    const ids = this.nodes.map((node) => node.id)
    for (let i = 0; i < 200; i++) {
      const circle = new Set(cyclic(ids, this.edges))
      if (circle.size === 0) return
      const order = new Map(this.nodes.map((node) => [node.id, node.position.x]))
      const within = this.edges.filter((edge) => circle.has(edge.source) && circle.has(edge.target))
      const back =
        within.toSorted(
          (a, b) =>
            order.get(a.target)! - order.get(a.source)! - (order.get(b.target)! - order.get(b.source)!),
        )[0] ?? within[0]
      if (!back) return
      this.edges.splice(this.edges.indexOf(back), 1)
      this.dropped(
        `${back.source} → ${back.target}`,
        "edge",
        `This route leads back. ${product} goes round; here a loop holds what is repeated, so the route was cut.`,
      )
    }
  }

  /** What is too large to be a flow. */
  get fault(): string | undefined {
    if (this.nodes.length <= mostNodes && this.edges.length <= mostEdges) return undefined
    return `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; this one would have ${this.nodes.length} and ${this.edges.length}.`
  }

  #kept({ kind, original }: Step, why: string, routes?: Route[]): JsonObject {
    const text = JSON.stringify(original)
    return {
      format: this.#format,
      kind: kind.slice(0, 200),
      why: why.slice(0, 2_000),
      ...(routes && routes.length > 0 ? { routes: routes.slice(0, 200) } : {}),
      original: text.length > mostOriginal ? { cut: true, begins: text.slice(0, 4_000) } : original,
    }
  }
}

/** What a person has to fill in before the node can be executed; which agent or flow it is, the notes say already. */
function lacking(type: string, data: JsonObject): string[] {
  const read = drawnKind(type)?.data.safeParse(data)
  const issues = read && !read.success ? read.error.issues : []
  return issues
    .filter(({ path }) => path[0] !== "agent_id" && path[0] !== "flow_id")
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
}

/** The routes by which a step goes on when nothing goes wrong. */
export const exitsOf = (node: FlowNode): string[] =>
  (drawnKind(node.type)?.handles(node.data) ?? [])
    .map((one) => one.id)
    .filter((id) => id !== "error" && id !== "timeout")

const sizeWithin = ({ width, height }: { width: number; height: number }) => ({
  width: Math.min(20_000, Math.max(120, Math.round(width))),
  height: Math.min(20_000, Math.max(64, Math.round(height))),
})
