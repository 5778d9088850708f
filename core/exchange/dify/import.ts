import type { FlowNode } from "#core/flow/graph"
import type { Json, JsonObject } from "#core/json"
import { Drawing, exitsOf, type Step } from "../drawing.ts"
import type { Drawn, ToolMaker } from "../drawn.ts"
import { listOf, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { appOf, inputSchemaOf, type App, type DifyNode } from "./app.ts"
import { assignStep, typed } from "./assign.ts"
import { failingOf } from "./failing.ts"
import { featuresIn } from "./features.ts"
import { isFrame, iterationStep, loopStep, roundOf } from "./frames.ts"
import { AppGraph } from "./graph.ts"
import { noteText } from "./note.ts"
import { isList } from "./places.ts"
import { Programs } from "./programs.ts"
import { Results } from "./results.ts"
import { simpleApp } from "./simple.ts"
import type { Source, Surroundings, Written } from "./source.ts"
import type { Mapped } from "./step.ts"
import { stepOf } from "./steps.ts"
import { Variables } from "./variables.ts"

/** An app of Dify as a flow of ours. */
export function importDify(value: JsonObject, maker?: ToolMaker): Drawn {
  const version = textOf(value["version"]).slice(0, 60)
  const app = objectOf(value["app"])
  if (!("workflow" in value) && "model_config" in value)
    return { ok: true, version, ...simpleApp(app, objectOf(value["model_config"])) }
  const read = appOf(value)
  if (!read.ok) return read
  const programs = new Programs(maker, read.app.name)
  const importer = new Importer(read.app, programs)
  const drawing = importer.draw()
  const { name, description } = read.app
  return {
    ok: true,
    name,
    description,
    version,
    drawing,
    input_schema: importer.inputSchema,
    tools: programs.tools,
  }
}

const edgesOfFrames = new Set(["iteration-start", "loop-start"])

class Importer implements Surroundings {
  inputSchema: JsonObject = { type: "object", properties: {} }
  readonly #drawing = new Drawing("dify")
  readonly #app: App
  readonly #programs: Programs
  readonly #graph: AppGraph
  readonly #results: Results
  readonly #drawn = new Map<string, FlowNode>()
  readonly #handles = new Map<string, Record<string, string>>()
  readonly #failures = new Map<string, string>()
  readonly #neverDone = new Set<string>()
  readonly #isChat: boolean

  constructor(app: App, programs: Programs) {
    this.#app = app
    this.#programs = programs
    this.#isChat = app.mode === "advanced-chat"
    this.#graph = new AppGraph(app)
    this.#results = new Results(app, this.#graph)
    for (const node of app.nodes) this.#drawing.idOf({ key: node.key, name: nameOf(node) })
  }

  step(key: string): Source | undefined {
    const node = this.#graph.byKey.get(key)
    if (!node) return undefined
    return {
      id: this.#drawing.known(key)!,
      kind: node.kind,
      data: node.data,
      isOfLists: this.#isOfLists(node),
      isAround: (reader) =>
        (reader === key && node.kind === "loop") || this.#graph.holders(reader).includes(key),
    }
  }

  constant(name: string): string | number | undefined {
    const found = this.#app.environment.find((one) => one["name"] === name)
    const value = found?.["value"]
    if (
      !found ||
      found["value_type"] === "secret" ||
      (typeof value !== "string" && typeof value !== "number")
    )
      return undefined
    return value
  }

  isSecret = (name: string): boolean =>
    this.#app.environment.some((one) => one["name"] === name && one["value_type"] === "secret")

  conversation(name: string): Json | undefined {
    const found = this.#app.conversation.find((one) => one["name"] === name)
    return found && typed(found["value"], textOf(found["value_type"]))
  }

  writers = (variable: Written, reader: string): string[] =>
    this.#graph.writers(variable, reader).map((key) => this.#drawing.known(key)!)

  failure(key: string): string | undefined {
    const leads = this.#app.edges.some((edge) => edge.source === key && edge.handle === "fail-branch")
    if (!leads) return undefined
    const known = this.#failures.get(key)
    if (known !== undefined) return known
    const id = this.#drawing.idOf({
      key: `${key}\u0000failure`,
      name: `${this.#drawing.known(key)!}_error`,
    })
    this.#failures.set(key, id)
    return id
  }

  draw(): Drawing {
    const drawing = this.#drawing
    for (const node of this.#app.nodes) this.#place(node)
    this.#begin()
    this.#connect()
    for (const frame of this.#app.nodes.filter(isFrame)) this.#close(frame)
    this.#results.join(drawing)
    drawing.cutCircles("Dify")
    this.#sayOfAll()
    return drawing
  }

  #sayOfAll(): void {
    const { notes } = this.#drawing
    for (const one of this.#app.environment.filter((variable) => variable["value_type"] === "secret"))
      this.#drawing.missing(textOf(one["name"]), "environment variable", "")
    if (this.#app.conversation.length > 0)
      notes.push(
        `Conversation variables (${this.#app.conversation
          .map((one) => textOf(one["name"]))
          .join(", ")
          .slice(
            0,
            300,
          )}) begin with their first values in each execution: what is set is read by the steps after it, and not by the next question.`,
      )
    if (this.#isChat)
      notes.push(
        "It is a chat there: what is asked is the input query, and each question begins an execution.",
      )
    const features = featuresIn(this.#app.features)
    if (features.length > 0)
      notes.push(`These belong to the app there, and were left out: ${features.join(", ")}.`)
  }

  /** Dify makes one list of what the rounds come to, when each is a list. */
  #isOfLists({ kind, data }: DifyNode): boolean {
    if (kind !== "iteration" || data["flatten_output"] === false) return false
    const [key = "", name = ""] = listOf(data["output_selector"]).map(textOf)
    const from = this.#graph.byKey.get(key)
    return from !== undefined && isList(from.data, from.kind, name)
  }

  #begin(): void {
    const starts = this.#app.nodes.filter((node) => node.kind === "start" || node.kind.startsWith("trigger-"))
    if (starts.length > 0) return
    const left = Math.min(0, ...this.#app.nodes.map((node) => node.position.x))
    const input = this.#drawing.add("input", "input", { x: Math.round(left) - 300, y: 0 }, {}, "Input")
    const led = new Set(this.#app.edges.map((edge) => edge.target))
    for (const node of this.#app.nodes)
      if (!led.has(node.key) && !node.parent && !node.isNote)
        this.#drawing.connect(input.id, this.#drawing.known(node.key)!)
    this.#drawing.notes.push("The file has no start, so an input was added.")
  }

  #place(node: DifyNode): void {
    const holder = node.parent === undefined ? undefined : this.#graph.byKey.get(node.parent)
    const parent =
      holder && (holder.kind === "iteration" || holder.kind === "loop")
        ? this.#drawing.known(holder.key)
        : undefined
    if (edgesOfFrames.has(node.kind)) {
      this.#drawing.say({
        name: node.title || node.kind,
        kind: node.kind,
        fidelity: "exact",
        becomes: holder?.kind === "loop" ? "loop" : "map",
        notes: [],
      })
      return
    }
    if (holder && parent !== undefined && this.#isNeverDone(node, holder)) return
    const words = new Variables(this, node.key)
    const step: Step = {
      key: node.key,
      name: node.title,
      kind: node.kind,
      position: node.position,
      original: node.said,
      size: sizeOf(node),
    }
    if (node.isNote) {
      this.#drawn.set(
        node.key,
        this.#drawing.place(
          { ...step, name: "" },
          { type: "note", data: { text: noteText(node.data).slice(0, 20_000) } },
          parent,
        ),
      )
      return
    }
    const id = this.#drawing.known(node.key)!
    const mapped =
      this.#framed(node, words) ??
      stepOf(node.kind, {
        data: node.data,
        words,
        isChat: this.#isChat,
        missing: (name, kind) => this.#drawing.missing(name, kind, id),
        program: (source, inputs) =>
          this.#programs.make(
            { id, title: node.title, description: textOf(node.data["desc"]) },
            source,
            inputs,
          ),
      })
    if (mapped.handles) this.#handles.set(node.key, mapped.handles)
    const made = this.#results.made(node, mapped.made)
    const whole =
      "opaque" in made
        ? { ...made, routes: this.#routes(node) }
        : {
            type: made.type,
            data: { ...made.data, ...failingOf(node.data, made.type) },
            notes: [...(made.notes ?? []), ...words.notes],
          }
    this.#drawn.set(node.key, this.#drawing.place(step, whole, parent))
  }

  /** A step inside a frame that nothing leads to, which a frame here would begin with. */
  #isNeverDone(node: DifyNode, frame: DifyNode): boolean {
    const reached = this.#graph.reached(frame)
    if (node.isNote || reached.size === 0 || reached.has(node.key)) return false
    this.#neverDone.add(node.key)
    this.#drawing.dropped(
      node.title || node.kind,
      node.kind,
      "Nothing leads to it in its frame, so it was never done there.",
    )
    return true
  }

  /** A placeholder leaves by as many routes as the step does. */
  #routes(node: DifyNode) {
    const names = [
      ...new Set(this.#app.edges.filter((edge) => edge.source === node.key).map((edge) => edge.handle)),
    ]
    if (names.every((name) => name === "source")) return []
    const routes = names.slice(0, 100).map((name, i) => ({ id: `out_${i + 1}`, label: name.slice(0, 100) }))
    this.#handles.set(
      node.key,
      Object.fromEntries(names.slice(0, 100).map((name, i) => [name, `out_${i + 1}`])),
    )
    return routes
  }

  /** What begins a flow, what repeats, and what writes variables. */
  #framed(node: DifyNode, words: Variables): Mapped | undefined {
    const { kind, data } = node
    if (kind === "start" || kind.startsWith("trigger-")) {
      this.inputSchema = inputSchemaOf(data["variables"], this.#isChat)
      const isSecond = [...this.#drawn.values()].some((one) => one.type === "input")
      if (isSecond) return { made: { opaque: "A flow has one input." } }
      const notes =
        kind === "start"
          ? []
          : [`Make a ${kind.slice("trigger-".length)} for this flow: what begins a flow is not part of it.`]
      return { made: { type: "input", data: {}, notes } }
    }
    if (kind === "iteration") return iterationStep(node, words)
    if (kind === "loop") return loopStep(node, this.#inside(node), words)
    if (kind !== "assigner" || !this.#graph.mayAssign(node)) return undefined
    return assignStep(data, words, (holder, name) => this.#typeOf(holder, name))
  }

  #typeOf(holder: string, name: string): string {
    const [variables, field] =
      holder === "conversation"
        ? [this.#app.conversation, "value_type"]
        : [objectsOf(this.#graph.byKey.get(holder)?.data["loop_variables"]), "var_type"]
    return textOf(variables.find((one) => (one["name"] ?? one["label"]) === name)?.[field])
  }

  #inside = (frame: DifyNode): DifyNode[] => this.#app.nodes.filter((node) => node.parent === frame.key)

  /** Says inside a frame what each round comes to, and draws the frame around what it holds. */
  #close(frame: DifyNode): void {
    const holder = this.#drawn.get(frame.key)
    if (!holder || (holder.type !== "map" && holder.type !== "loop")) return
    const inside = this.#drawing.nodes.filter((node) => node.parent_id === holder.id)
    if (inside.length === 0) return
    const x = Math.max(...inside.map((node) => node.position.x)) + 260
    const { value, notes } = roundOf(frame, this.#inside(frame), this)
    this.#drawing.remark(holder.id, notes)
    const output = this.#drawing.add(
      "result",
      "output",
      { x, y: inside[0]!.position.y },
      value === undefined ? {} : { value },
      "Result",
    )
    output.parent_id = holder.id
    // Whatever way a round goes, it comes to its result.
    const taken = new Set(this.#drawing.edges.map((edge) => `${edge.source} ${edge.source_handle ?? "out"}`))
    for (const node of inside)
      for (const handle of exitsOf(node))
        if (!taken.has(`${node.id} ${handle}`)) this.#drawing.connect(node.id, output.id, handle)
    this.#drawing.wrap(holder, "frame")
  }

  #connect(): void {
    for (const { source, target, handle } of this.#app.edges) {
      const [from, to] = [this.#drawn.get(source), this.#drawn.get(target)]
      const ends = [source, target].map((key) => this.#graph.byKey.get(key)?.kind ?? "")
      if (ends.some((kind) => edgesOfFrames.has(kind))) continue
      if (this.#neverDone.has(source) || this.#neverDone.has(target)) continue
      if (!from || !to)
        this.#drawing.dropped(
          `${source} → ${target}`,
          "edge",
          "It leads from or to a step that the file does not hold.",
        )
      else if (from.type === "note" || to.type === "note" || to.type === "input")
        this.#drawing.dropped(
          `${source} → ${target}`,
          "edge",
          "Nothing leads into what begins a flow, or out of a note.",
        )
      else if (from.parent_id !== to.parent_id)
        this.#drawing.dropped(`${source} → ${target}`, "edge", "It crosses the border of a frame.")
      else
        this.#drawing.connect(
          this.#leaving(source, handle, from),
          to.id,
          this.#failures.has(source) && handle === "fail-branch"
            ? "out"
            : (this.#handles.get(source)?.[handle] ?? usual(handle)),
        )
    }
  }

  /** Where an edge begins: at its step, or, when somebody asks what went wrong, at a step that keeps it. */
  #leaving(source: string, handle: string, from: FlowNode): string {
    const failure = handle === "fail-branch" ? this.#failures.get(source) : undefined
    if (failure === undefined) return from.id
    if (this.#drawing.nodes.every((node) => node.id !== failure)) {
      const node: FlowNode = {
        id: failure,
        type: "transform",
        position: { x: from.position.x + 220, y: from.position.y + 80 },
        data: {
          value: { error_message: "{{ incoming.message }}", error_type: "{{ incoming.code }}" },
        },
        label: "What went wrong",
        ...(from.parent_id === undefined ? {} : { parent_id: from.parent_id }),
      }
      this.#drawing.nodes.push(node)
      this.#drawing.connect(from.id, failure, this.#handles.get(source)?.["fail-branch"] ?? "error")
    }
    return failure
  }
}

/** A step is named by its title, where that has letters that a name can have. */
const nameOf = ({ title, kind }: DifyNode): string => (/[a-z]/i.test(title.normalize("NFKD")) ? title : kind)

const usual = (handle: string): string => (handle === "fail-branch" ? "error" : "out")

const sizeOf = ({ said }: DifyNode) => ({
  width: numberOf(said["width"]) ?? 240,
  height: numberOf(said["height"]) ?? 100,
})
