import type { Json } from "#core/json"
import { dataFor, type Wish } from "./flow-data.ts"
import { holderIn, kindIn, nodeIn } from "./flow-names.ts"
import {
  addNode,
  connect,
  disconnect,
  freeId,
  kindOf,
  nameOf,
  readingOf,
  routesOf,
  setField,
  type Scene,
  type SceneEdge,
  type SceneKind,
  type SceneNode,
} from "./flow-scene.ts"
import { unquoted } from "./flow-values.ts"

/** Where a new node goes. */
type Place =
  | { is: "after"; node: SceneNode; route: string | undefined }
  | { is: "before"; node: SceneNode }
  | { is: "between"; from: SceneNode; to: SceneNode }
  | { is: "inside"; holder: SceneNode }
  | { is: "end" | "loose" }

type Said = { wish: Wish; label: string; place: Place | undefined }

const marks =
  /\s+(?=(?:(?:right|directly|just|immediately)\s+)?(?:after|before|behind|following|between|inside|within|into|in|in front of|at the (?:very )?(?:end|beginning|start)|called|named|labelled|labeled|titled|that|which|with|using|saying|reading|asking|to|on|from|for|when|if|where)\b)/i

/** Words that a node can be made of although they name no kind: "a translation", "a summary step". */
const modelWork =
  /\b(?:summar|translat|rewrit|extract|draft|repl(?:y|ies)|answer|explain|improv|shorten|proofread|write|generat|analy[sz])/i

/** "Add a model that summarises the text after the input": the node, its place, and the edges of both. */
export function adding(scene: Scene, words: string): boolean {
  const said = read(scene, words)
  if (!said) return false
  const place = said.place ?? usualPlace(scene, said.wish.kind)
  if (place) put(scene, said, place)
  return true
}

function read(scene: Scene, words: string): Said | undefined {
  const [what = "", ...parts] = words.split(marks)
  const named = kindIn(scene, what)
  const kind = named ?? (modelWork.test(what) ? kindOf(scene, "llm") : undefined)
  if (!kind) return undefined
  const wish: Wish = { kind, words, purpose: named ? "" : what, saying: "", into: "", when: "", settings: "" }
  const said: Said = { wish, label: "", place: undefined }
  for (const part of parts) take(scene, said, part.trim())
  const quoted = /["“]([^"“”]+)["”]/.exec(words)?.[1]
  if (wish.saying === "" && quoted && said.label === "" && (kind.kind === "note" || kind.kind === "approval"))
    wish.saying = quoted
  return said
}

/** One part of the words, by what it begins with. */
function take(scene: Scene, said: Said, part: string): void {
  const { wish } = said
  const rest = part.replace(/^\S+\s*/, "")
  if (/^(?:called|named|labell?ed|titled)\b/i.test(part)) said.label = unquoted(rest)
  else if (/^(?:saying|reading|asking)\b/i.test(part)) wish.saying = unquoted(rest)
  else if (/^(?:with|using)\b/i.test(part)) wish.settings = `${wish.settings}, ${rest}`
  else if (wish.kind.kind === "classify" && /^(?:into|for|between)\b/i.test(part)) wish.into = rest
  else if (/^(?:when|if|where)\b/i.test(part)) wish.when = rest
  else if (wish.kind.kind === "condition" && /^(?:on|for|that|to)\b/i.test(part) && !placeIn(scene, part))
    wish.when = rest.replace(/^(?:checks?|tests?|decides?|asks?)\s+(?:whether|if|that)?\s*/i, "")
  else {
    const place = said.place ? undefined : placeIn(scene, part)
    if (place) said.place = place
    else wish.purpose = `${wish.purpose} ${purposeIn(part, wish.purpose === "")}`.trim()
  }
}

/** "that summarises the text" as "summarise the text". */
function purposeIn(part: string, isFirst: boolean): string {
  const words = part.replace(/^(?:that|which|for)\s+|^to\s+/i, "")
  if (!isFirst || !/^(?:that|which)\b/i.test(part)) return isFirst ? words : part
  return words.replace(/^(\p{L}+?)(ies|sses|shes|ches|xes|s)\b/iu, (_, stem: string, end: string) =>
    end === "ies" ? `${stem}y` : end === "s" ? stem : `${stem}${end.slice(0, -2)}`,
  )
}

/** Where words say that something goes; undefined when they speak of something else. */
function placeIn(scene: Scene, part: string): Place | undefined {
  if (/^at the (?:very )?(?:end)/i.test(part)) return { is: "end" }
  if (/^at the (?:very )?(?:beginning|start)/i.test(part)) {
    const input = scene.nodes.find(({ kind }) => kind === "input")
    return input && { is: "after", node: input, route: undefined }
  }
  const between = /^between\s+(.+?)\s+and\s+(.+)$/i.exec(part)
  if (between) {
    const [from, to] = [nodeIn(scene, between[1]!), nodeIn(scene, between[2]!)]
    return from && to ? { is: "between", from, to } : undefined
  }
  const before = /^(?:(?:right|directly|just|immediately)\s+)?(?:before|in front of)\s+(.+)$/i.exec(part)
  if (before) {
    const node = nodeIn(scene, before[1]!)
    return node && { is: "before", node }
  }
  const after = /^(?:(?:right|directly|just|immediately)\s+)?(?:after|behind|following)\s+(.+)$/i.exec(part)
  if (after) return placeAfter(scene, after[1]!)
  const onRoute = /^(?:on|from|for|to)\s+(.+\b(?:route|branch|path|side|button|case|class)\b.*)$/i.exec(part)
  if (onRoute) return placeAfter(scene, onRoute[1]!)
  const inside = /^(?:inside|within|into|in)\s+(?:of\s+)?(.+)$/i.exec(part)
  const holder = inside && holderIn(scene, inside[1]!, false)
  return holder ? { is: "inside", holder } : undefined
}

function placeAfter(scene: Scene, words: string): Place | undefined {
  const ended = endOf(scene, words)
  return ended && { is: "after", ...ended }
}

/** "the yes branch of check", "check's yes route" or "check": a node, and the route that is spoken of. */
export function endOf(
  scene: Scene,
  words: string,
): { node: SceneNode; route: string | undefined } | undefined {
  const said =
    /^(?:the\s+)?["“]?(.+?)["”]?\s+(?:route|branch|path|side|button|case|class)\s+(?:of|from|in|on)\s+(.+)$/i.exec(
      words.trim(),
    ) ??
    /^(.+?)(?:'s|’s)\s+["“]?(.+?)["”]?\s+(?:route|branch|path|side|button|case|class)$/i.exec(words.trim())
  if (!said) {
    const node = nodeIn(scene, words)
    return node && { node, route: undefined }
  }
  const isPossessive = /(?:'s|’s)\s/.test(words) && !/\s(?:of|from|in|on)\s/i.test(words)
  const [route = "", of = ""] = isPossessive ? [said[2], said[1]] : [said[1], said[2]]
  const node = nodeIn(scene, of)
  if (!node) return undefined
  const known = routeIn(scene, node, route)
  if (known === undefined) {
    scene.problems.push(
      `“${nameOf(node)}” has no route “${route}”; it has ${routesOf(scene, node).join(", ")}.`,
    )
    return undefined
  }
  return { node, route: known }
}

/** The route of a node that words name. */
export function routeIn(scene: Scene, node: SceneNode, words: string): string | undefined {
  const said = unquoted(words)
    .toLowerCase()
    .replace(/[\s-]+/g, "_")
  const routes = [...routesOf(scene, node), "error"]
  return (
    routes.find((one) => one.toLowerCase() === said) ??
    (/^(?:otherwise|no|default|other)$/.test(said) && routes.includes("else") ? "else" : undefined)
  )
}

/** Without a word on its place: after what is selected, else before the one output, else at the end. Notes stand by themselves. */
function usualPlace(scene: Scene, kind: SceneKind): Place {
  if (kind.kind === "note" || kind.kind === "group") return { is: "loose" }
  const [only, ...others] = scene.selected
  const chosen = others.length === 0 ? scene.nodes.find(({ id }) => id === only) : undefined
  if (chosen && routesOf(scene, chosen).length > 0) return { is: "after", node: chosen, route: undefined }
  return { is: "end" }
}

function put(scene: Scene, said: Said, wanted: Place): void {
  const place = wanted.is === "end" ? atEnd(scene, said.wish.kind) : wanted
  const source = sourceOf(scene, place)
  const data = dataFor(scene, said.wish, place.is === "inside" && !source ? undefined : source)
  if (!data) return
  const { kind } = said.wish
  const label = said.label || labelFor(said.wish)
  const inside = place.is === "inside" ? place.holder.id : (source?.inside ?? "")
  const node = { id: freeId(scene, label || kind.kind), kind: kind.kind, label, data, inside }
  addNode(scene, node)
  const added = scene.nodes.at(-1)!
  if (!kind.takes_input && place.is !== "before") return
  joinUp(scene, added, place)
}

/** A short name out of what a node is for. */
function labelFor({ kind, purpose }: Wish): string {
  if (kind.kind === "note" || purpose === "") return ""
  const short = purpose
    .split(/\s+/)
    .slice(0, 5)
    .join(" ")
    .replace(/(?<![,.:;])[,.:;]+$/, "")
    .slice(0, 40)
  return `${short[0]!.toUpperCase()}${short.slice(1)}`
}

function atEnd(scene: Scene, kind: SceneKind): Place {
  const outputs = scene.nodes.filter((node) => node.kind === "output" && node.inside === "")
  if (outputs.length === 1 && kind.kind !== "output") return { is: "before", node: outputs[0]! }
  const last = scene.nodes.findLast(
    (node) =>
      node.inside === "" &&
      routesOf(scene, node).length > 0 &&
      !scene.edges.some((edge) => edge.from === node.id),
  )
  return last ? { is: "after", node: last, route: undefined } : { is: "loose" }
}

/** The node whose result the new one gets. */
function sourceOf(scene: Scene, place: Place): SceneNode | undefined {
  const byId = (id: string | undefined) => scene.nodes.find((node) => node.id === id)
  switch (place.is) {
    case "after":
      return place.node
    case "between":
      return place.from
    case "before":
      return byId(scene.edges.find((edge) => edge.to === place.node.id)?.from)
    case "inside":
      return scene.nodes.findLast(
        (node) => node.inside === place.holder.id && !scene.edges.some((edge) => edge.from === node.id),
      )
    default:
      return scene.nodes.find((node) => node.kind === "input")
  }
}

/** Draws the edges of a new node: what led past it leads through it now. */
function joinUp(scene: Scene, node: SceneNode, place: Place): void {
  const way = mainRoute(scene, node)
  const through = (edges: readonly SceneEdge[]): void => {
    for (const edge of edges) {
      if (way !== undefined) disconnect(scene, edge)
      connect(scene, edge.from, node.id, edge.route)
      if (way !== undefined) connect(scene, node.id, edge.to, way)
    }
  }
  switch (place.is) {
    case "between": {
      const edges = scene.edges.filter((edge) => edge.from === place.from.id && edge.to === place.to.id)
      if (edges.length > 0) return passing(scene, node, edges, through)
      connect(scene, place.from.id, node.id, mainRoute(scene, place.from))
      return connect(scene, node.id, place.to.id, way)
    }
    case "before": {
      const edges = scene.edges.filter((edge) => edge.to === place.node.id)
      if (edges.length > 0) return passing(scene, node, edges, through)
      if (way !== undefined) connect(scene, node.id, place.node.id, way)
      return
    }
    case "after": {
      const route = place.route ?? mainRoute(scene, place.node)
      const edges = scene.edges.filter((edge) => edge.from === place.node.id && edge.route === route)
      if (edges.length > 0) return passing(scene, node, edges, through)
      connect(scene, place.node.id, node.id, route)
      const [output, ...others] = scene.nodes.filter(
        ({ kind, inside }) => kind === "output" && inside === node.inside,
      )
      if (output && others.length === 0 && way !== undefined) connect(scene, node.id, output.id, way)
      return
    }
    case "inside": {
      const before = sourceOf({ ...scene, nodes: scene.nodes.filter((one) => one !== node) }, place)
      if (before) connect(scene, before.id, node.id, mainRoute(scene, before))
      return
    }
    default:
  }
}

const mainRoute = (scene: Scene, node: SceneNode): string | undefined => routesOf(scene, node)[0]

/** Kinds that give something else than they get: what comes after them reads from them. */
const makers = new Set(["llm", "agent", "crew", "transform", "tool", "http", "code", "subflow"])

/** Edges that are led through a new node, and the fields that read past it. */
function passing(
  scene: Scene,
  node: SceneNode,
  edges: readonly SceneEdge[],
  through: (edges: readonly SceneEdge[]) => void,
): void {
  const befores = new Set(edges.map(({ from }) => from))
  const [before] = scene.nodes.filter(({ id }) => befores.has(id))
  through(edges)
  if (!makers.has(node.kind) || befores.size !== 1) return
  const was = readingOf(before)
  for (const { to } of edges) {
    const next = scene.nodes.find(({ id }) => id === to)
    for (const [field, value] of Object.entries(next?.data ?? {})) {
      const now = rewritten(value, was, readingOf(node))
      if (next && now !== value) setField(scene, next, field, now)
    }
  }
  scene.last = node.id
}

/** A text in which the whole of what came before was read, reading the new node instead. */
function rewritten(value: Json, was: string, now: string): Json {
  if (typeof value !== "string") return value
  return value.replaceAll(
    new RegExp(`\\{\\{\\s*${was.replaceAll(".", "\\.").replaceAll("`", "\\`")}\\s*\\}\\}`, "g"),
    () => `{{ ${now} }}`,
  )
}
