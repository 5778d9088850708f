import type { FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { Drawing, type Step } from "../drawing.ts"
import type { Drawn } from "../drawn.ts"
import { numberOf, textOf } from "../fields.ts"
import type { Shape } from "./expression.ts"
import { isLoop, isSticky, isTrigger, makerOf, triggerNotes } from "./kinds.ts"
import { loopsOf, type Loop } from "./loops.ts"
import { shapesOf } from "./shapes.ts"
import type { Mapped } from "./step.ts"
import { Words } from "./words.ts"
import { workflowOf, type N8nNode, type Workflow } from "./workflow.ts"

/** Nodes are wider here than there. */
const stretch = 1.5

/** A workflow of n8n as a flow of ours. */
export function importN8n(value: JsonObject): Drawn {
  const read = workflowOf(value)
  if (!read.ok) return read
  const drawing = new Importer(read.workflow).draw()
  return { ok: true, name: read.workflow.name, drawing, version: textOf(value["versionId"]).slice(0, 60) }
}

class Importer {
  readonly #drawing = new Drawing("n8n")
  readonly #flow: Workflow
  readonly #handles = new Map<string, string[]>()
  readonly #drawn = new Map<string, FlowNode>()
  readonly #loops: Map<string, Loop>
  readonly #shape: (name: string) => Shape
  readonly #incoming: (name: string) => Shape
  readonly #plugged: Map<string, N8nNode[]>

  constructor(flow: Workflow) {
    this.#flow = flow
    for (const node of flow.nodes) this.#drawing.idOf({ key: node.name, name: node.name })
    this.#loops = loopsOf(flow)
    const shapes = shapesOf(flow, this.#loops, (name) => this.#drawing.known(name)!, this.#isBeginning)
    this.#shape = shapes.of
    this.#incoming = shapes.before
    this.#plugged = pluggedInto(flow)
  }

  draw(): Drawing {
    const drawing = this.#drawing
    this.#begin()
    for (const node of this.#flow.nodes) if (!this.#drawn.has(node.name)) this.#place(node)
    for (const loop of this.#loops.values()) {
      const holder = this.#drawn.get(loop.name)
      if (holder) drawing.wrap(holder, "canvas")
    }
    this.#connect()
    for (const lost of this.#flow.lost)
      drawing.dropped(lost, "route", "It leads from or to a step that the file does not hold.")
    drawing.cutCircles("n8n")
    this.#end()
    drawing.notes.push(
      "n8n does each step once for every item of a list. Here a step takes one value: where a list comes in, put the steps that follow into a map.",
    )
    return drawing
  }

  readonly #isBeginning = (name: string): boolean => {
    const node = this.#flow.nodes.find((one) => one.name === name)
    return node !== undefined && isTrigger(node)
  }

  /** The first trigger becomes the input; the others begin where it does. */
  #begin(): void {
    const triggers = this.#flow.nodes.filter(isTrigger)
    const [first, ...others] = triggers
    if (!first) {
      const left = Math.min(...this.#flow.nodes.map((node) => node.position.x))
      const top = this.#flow.nodes[0]!.position.y
      const input = this.#drawing.add(
        "input",
        "input",
        { x: Math.round(left * stretch) - 280, y: top },
        {},
        "Input",
      )
      const led = new Set(this.#flow.routes.filter((route) => route.way === "main").map((route) => route.to))
      for (const node of this.#flow.nodes)
        if (!led.has(node.name) && !isSticky(node) && !this.#isPart(node))
          this.#drawing.connect(input.id, this.#drawing.known(node.name)!)
      this.#drawing.notes.push("The file has no trigger, so an input was added.")
      return
    }
    this.#drawn.set(
      first.name,
      this.#drawing.place(stepOf(first), { type: "input", data: {}, notes: triggerNotes(first) }),
    )
    for (const other of others) {
      const notes = ["A flow has one input: what this trigger began, begins there.", ...triggerNotes(other)]
      const note = { text: `**${other.name}** (${other.kind})\n\n${notes.join("\n\n")}`.slice(0, 20_000) }
      this.#drawn.set(other.name, this.#drawing.place(stepOf(other), { type: "note", data: note, notes }))
    }
  }

  #isPart = (node: N8nNode): boolean =>
    this.#flow.routes.some((route) => route.from === node.name && route.way !== "main")

  #place(node: N8nNode): void {
    const { parent, body } = this.#placeIn(node)
    if (isSticky(node)) return this.#note(node, parent)
    if (this.#isModel(node)) return this.#fold(node)
    const mapped = body ? loopMade(this.#incoming(node.name)) : this.#mapped(node)
    if (mapped.handles) this.#handles.set(node.name, mapped.handles)
    this.#drawn.set(node.name, this.#drawing.place(stepOf(node), mapped.made, parent))
  }

  #placeIn(node: N8nNode): { parent?: string; body?: Loop } {
    const body = this.#loops.get(node.name)
    const around = [...this.#loops.values()].find((loop) => loop.body.has(node.name))
    return {
      ...(body ? { body } : {}),
      ...(around ? { parent: this.#drawing.known(around.name)! } : {}),
    }
  }

  #mapped(node: N8nNode): Mapped {
    if (isLoop(node))
      return this.#kept(node, {
        made: {
          opaque: "It goes round in a way that a map or a loop does not: draw what it repeats inside one.",
        },
      })
    const words = new Words({
      json: this.#incoming(node.name),
      node: (name) => (this.#drawing.known(name) === undefined ? undefined : this.#shape(name)),
    })
    const id = this.#drawing.known(node.name)!
    const mapped = makerOf(node)({
      node,
      id,
      p: node.parameters,
      words,
      plugged: this.#plugged.get(node.name) ?? [],
      missing: (name, kind) => this.#drawing.missing(name, kind, id),
      idOf: (name) => this.#drawing.known(name),
    })
    if ("opaque" in mapped.made) return this.#kept(node, mapped)
    if (node.said["disabled"] === true)
      return {
        made: {
          type: "transform",
          data: { value: words.seen.json.root },
          notes: [`It is switched off in n8n (${node.kind}): it hands on what comes.`],
        },
      }
    const failing = failingOf(node, mapped.made.type)
    const notes = [...(mapped.made.notes ?? []), ...words.notes, ...failing.notes]
    const handles = failing.route ? [...(mapped.handles ?? ["out"]), "error"] : mapped.handles
    return {
      made: { ...mapped.made, data: { ...mapped.made.data, ...failing.data }, notes },
      ...(handles ? { handles } : {}),
    }
  }

  /** A placeholder leaves by as many routes as the step does. */
  #kept(node: N8nNode, mapped: Mapped): Mapped {
    const outputs = this.#flow.routes
      .filter((route) => route.from === node.name && route.way === "main")
      .map((route) => route.output)
    const most = Math.min(100, Math.max(0, ...outputs))
    if (most === 0 || !("opaque" in mapped.made)) return mapped
    const routes = Array.from({ length: most + 1 }, (_, i) => ({
      id: `out_${i + 1}`,
      label: `Output ${i + 1}`,
    }))
    return { made: { ...mapped.made, routes }, handles: routes.map((one) => one.id) }
  }

  #note(node: N8nNode, parent: string | undefined): void {
    const size = {
      width: (numberOf(node.parameters["width"]) ?? 240) * stretch,
      height: numberOf(node.parameters["height"]) ?? 160,
    }
    const text = textOf(node.parameters["content"]).slice(0, 20_000)
    this.#drawn.set(
      node.name,
      this.#drawing.place({ ...stepOf(node), size, name: "" }, { type: "note", data: { text } }, parent),
    )
  }

  #isModel = (node: N8nNode): boolean =>
    node.kind.startsWith("lm") &&
    this.#flow.routes.some((route) => route.from === node.name && route.way === "ai_languageModel")

  /** A model that is plugged into a step is a setting of that step. */
  #fold(node: N8nNode): void {
    const route = this.#flow.routes.find((one) => one.from === node.name && one.way === "ai_languageModel")!
    const id = this.#drawing.known(route.to)!
    for (const [kind] of Object.entries((node.said["credentials"] ?? {}) as JsonObject))
      this.#drawing.missing(node.name, kind, id)
    this.#drawing.say({
      name: node.name,
      kind: node.type,
      fidelity: "changed",
      becomes: "llm",
      notes: [
        `It is a setting of ${route.to} here, with the tenant's default model until another is chosen.`,
      ],
    })
  }

  #connect(): void {
    const input = this.#flow.nodes.find(isTrigger)
    for (const { from, to, output, way } of this.#flow.routes) {
      if (way !== "main") continue
      const [source, target] = [this.#drawn.get(from), this.#drawn.get(to)]
      if (!source || !target || target.type === "note" || target.type === "input") {
        if (source && target)
          this.#drawing.dropped(`${from} → ${to}`, "route", "Nothing leads into what begins a flow.")
        continue
      }
      const begins = source.type === "note" && input ? this.#drawn.get(input.name)! : source
      const loop = this.#loops.get(from)
      if (loop?.body.has(to) || this.#loops.get(to)?.body.has(from)) continue
      const handle = loop || begins.type === "input" ? "out" : this.#handleOf(source, from, output)
      if (handle === undefined)
        this.#drawing.dropped(`${from} → ${to}`, "route", "This kind of step has no such route here.")
      else this.#drawing.connect(begins.id, target.id, handle)
    }
    this.#drawing.afterOutputs()
  }

  /** The route that an output of a step is here; none where the step fails there and cannot here. */
  #handleOf({ type, data }: FlowNode, name: string, output: number): string | undefined {
    const handles = this.#handles.get(name)
    if (handles?.[output] !== undefined) return handles[output]
    if (output === 0 || type === "output") return "out"
    return data["on_error"] === "route" ? "error" : undefined
  }

  #end(): void {
    if (this.#drawing.nodes.some((node) => node.type === "output")) return
    this.#drawing.endAfter(
      this.#drawing.ends(),
      "An output was added after the last steps: n8n ends where nothing follows.",
    )
  }
}

const stepOf = (node: N8nNode): Step => ({
  key: node.name,
  name: node.name,
  kind: node.type,
  position: { x: node.position.x * stretch, y: node.position.y },
  original: node.said,
})

const loopMade = (incoming: Shape): Mapped => ({
  made: {
    type: "map",
    data: { items: incoming.root, concurrency: 1 },
    notes: ["It takes the items of the list one by one; n8n takes them by batches."],
  },
})

function pluggedInto({ routes, nodes }: Workflow): Map<string, N8nNode[]> {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const found = new Map<string, N8nNode[]>()
  for (const { from, to, way } of routes) {
    const part = byName.get(from)
    if (way !== "main" && part) found.set(to, [...(found.get(to) ?? []), part])
  }
  return found
}

const retrying = new Set(["http", "code", "llm", "agent", "tool", "transform", "subflow"])

/** What a step does when it fails. */
function failingOf({ said }: N8nNode, type: string): { data: JsonObject; notes: string[]; route: boolean } {
  if (!retrying.has(type)) return { data: {}, notes: [], route: false }
  const how = textOf(said["onError"]) || (said["continueOnFail"] === true ? "continueRegularOutput" : "")
  const on_error =
    how === "continueErrorOutput" ? "route" : how === "continueRegularOutput" ? "continue" : undefined
  const tries =
    said["retryOnFail"] === true ? Math.min(10, Math.max(2, numberOf(said["maxTries"]) ?? 3)) : undefined
  return {
    data: {
      ...(on_error === undefined ? {} : { on_error }),
      ...(tries === undefined
        ? {}
        : {
            retry: {
              max_attempts: Math.trunc(tries),
              backoff_ms: Math.min(
                600_000,
                Math.max(0, Math.trunc(numberOf(said["waitBetweenTries"]) ?? 1_000)),
              ),
              factor: 1,
            },
          }),
    },
    notes: [],
    route: on_error === "route",
  }
}
