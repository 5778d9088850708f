import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { mapTexts, renameFault, renameNode } from "./rename.ts"
import { setLabel } from "./document.ts"

/** What is looked for: plain words, not a pattern. */
export type Search = { text: string; matchCase: boolean }

/** Where a hit stands: in a node's title, in its name, or in a text of its data by its path. */
export type HitPlace = { is: "title" } | { is: "name" } | { is: "data"; path: string }
/** One text of a node in which the words stand, once or more. */
export type Hit = { id: string; node: string; place: HitPlace; text: string; at: number[] }

/** Beginnings of the words in a text, none inside another. */
export function placesIn(text: string, { text: wanted, matchCase }: Search): number[] {
  if (wanted === "") return []
  const [hay, needle] = matchCase ? [text, wanted] : [folded(text), folded(wanted)]
  const found: number[] = []
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) found.push(at)
  return found
}

/** In small letters, letter for letter, so that places stay what they are. */
const folded = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => {
    const small = text[i]!.toLowerCase()
    return small.length === 1 ? small : text[i]
  }).join("")

/** Every text of the flow's nodes in which the words stand, node by node as the flow is read: from left to right. */
export function find({ nodes }: Pick<FlowDraft, "nodes">, search: Search): Hit[] {
  if (search.text === "") return []
  return nodes
    .toSorted((one, other) => one.position.x - other.position.x || one.position.y - other.position.y)
    .flatMap((node) => hitsIn(node, search))
}

function hitsIn(node: FlowNode, search: Search): Hit[] {
  const hits: Hit[] = []
  const look = (place: HitPlace, text: string) => {
    const at = placesIn(text, search)
    const key = place.is === "data" ? `data.${place.path}` : place.is
    if (at.length > 0) hits.push({ id: `${node.id} ${key}`, node: node.id, place, text, at })
  }
  if (node.label !== undefined) look({ is: "title" }, node.label)
  look({ is: "name" }, node.id)
  mapTexts(node.data, "", (text, path) => {
    look({ is: "data", path }, text)
    return text
  })
  return hits
}

/** The text with the words replaced. */
export function replacedIn(text: string, search: Search, by: string): string {
  let end = 0
  const parts = placesIn(text, search).map((at) => {
    const before = text.slice(end, at)
    end = at + search.text.length
    return before + by
  })
  return parts.join("") + text.slice(end)
}

/** Why a hit cannot be replaced, in words; null when it can. */
export function whyNotReplace(draft: FlowDraft, hit: Hit, search: Search, by: string): string | null {
  const to = replacedIn(hit.text, search, by)
  if (hit.place.is === "name") return renameFault(draft, hit.node, to)
  // An id names a thing of the tenant; a piece of it replaced names nothing.
  if (hit.place.is === "data" && /(^|[._])ids?(\.\d+)?$/.test(hit.place.path))
    return "An id is chosen, not written"
  return hit.place.is === "title" && to.length > 200 ? "A title has at most 200 characters" : null
}

/** The flow when words were replaced in it, in how many texts, and the new names of nodes by the old. */
export type Replaced = { draft: FlowDraft; count: number; renamed: ReadonlyMap<string, string> }

/**
 * The flow with the words replaced in the given hits. A node that gets another name keeps its edges, and the expressions that
 * refer to it follow. Hits that cannot be replaced are left; `count` says how many were.
 */
export function replace(draft: FlowDraft, hits: readonly Hit[], search: Search, by: string): Replaced {
  const texts = new Map<string, Set<string>>()
  const renamed = new Map<string, string>()
  let next = draft
  let count = 0
  const can = hits.filter((hit) => hit.place.is === "name" || whyNotReplace(draft, hit, search, by) === null)
  for (const hit of can) {
    if (hit.place.is === "title") next = setLabel(next, hit.node, replacedIn(hit.text, search, by))
    else if (hit.place.is === "data") {
      const paths = texts.get(hit.node) ?? new Set()
      texts.set(hit.node, paths.add(hit.place.path))
    } else continue
    count++
  }
  next = withTexts(next, texts, (text) => replacedIn(text, search, by))
  for (const hit of can) {
    if (hit.place.is !== "name") continue
    // Two names may become the same: the second is then left.
    const name = replacedIn(hit.text, search, by)
    const after = renameNode(next, hit.node, name)
    if (after === next) continue
    next = after
    renamed.set(hit.node, name)
    count++
  }
  return { draft: next, count, renamed }
}

function withTexts(
  draft: FlowDraft,
  texts: ReadonlyMap<string, ReadonlySet<string>>,
  by: (text: string) => string,
): FlowDraft {
  if (texts.size === 0) return draft
  const nodes = draft.nodes.map((node) => {
    const paths = texts.get(node.id)
    if (!paths) return node
    const data = mapTexts(node.data, "", (text, path) => (paths.has(path) ? by(text) : text))
    return { ...node, data: data as FlowNode["data"] }
  })
  return { ...draft, nodes }
}
