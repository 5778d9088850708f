import type { FlowDraft } from "#core/contract/flows"
import { NodeId, type FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { isJsonObject, type Json } from "#core/json"
import { fieldTokens, nodeReferences, requoted } from "./expression-tokens.ts"

/** The text with each `nodes.<old>` under its new name; texts outside of expressions stay as they are. */
export function renameInText(text: string, bare: boolean, names: ReadonlyMap<string, string>): string {
  const tokens = fieldTokens(text, bare)
  const references = nodeReferences(tokens).filter((one) => names.has(one.id))
  if (references.length === 0) return text
  const renamed = new Map(references.map((one) => [one.index, names.get(one.id)!]))
  return tokens
    .map(({ text: was }, index) => {
      const name = renamed.get(index)
      return name === undefined ? was : requoted(was, name)
    })
    .join("")
}

/** The value with its texts replaced, each known by its dotted path; unchanged parts stay the same objects. */
export function mapTexts(value: Json, path: string, by: (text: string, path: string) => string): Json {
  if (typeof value === "string") return by(value, path)
  if (Array.isArray(value)) {
    const items = value.map((item, i) => mapTexts(item, `${path}.${i}`, by))
    return items.every((item, i) => Object.is(item, value[i])) ? value : items
  }
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value)
  const mapped = entries.map(([key, item]): [string, Json] => [
    key,
    mapTexts(item, path ? `${path}.${key}` : key, by),
  ])
  return mapped.every(([, item], i) => Object.is(item, entries[i]![1])) ? value : Object.fromEntries(mapped)
}

/** A node's data with the references of all its expressions renamed. */
export function renameReferences(node: FlowNode, names: ReadonlyMap<string, string>): FlowNode["data"] {
  const fields = new Map(
    kindOf(node.type)
      ?.expressions(node.data)
      .map((field) => [field.path, field]) ?? [],
  )
  if (fields.size === 0) return node.data
  const renamed = mapTexts(node.data, "", (text, path) => {
    const field = fields.get(path)
    return field ? renameInText(text, field.bare, names) : text
  })
  return renamed as FlowNode["data"]
}

/** What is wrong with a node's new name, in words; null when nothing is. */
export function renameFault(draft: FlowDraft, id: string, to: string): string | null {
  const parsed = NodeId.safeParse(to)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? "This name cannot be used"
  return to !== id && draft.nodes.some((node) => node.id === to) ? "Another node has this name" : null
}

/** Gives a node another name; edges, children and expressions that refer to it follow. */
export function renameNode(draft: FlowDraft, id: string, to: string): FlowDraft {
  if (id === to || renameFault(draft, id, to) !== null) return draft
  const names = new Map([[id, to]])
  return {
    ...draft,
    nodes: draft.nodes.map((node) => {
      const data = renameReferences(node, names)
      const isIt = node.id === id
      const isChild = node.parent_id === id
      if (!isIt && !isChild && data === node.data) return node
      return { ...node, data, ...(isIt ? { id: to } : {}), ...(isChild ? { parent_id: to } : {}) }
    }),
    edges: draft.edges.map((edge) =>
      edge.source !== id && edge.target !== id
        ? edge
        : {
            ...edge,
            source: edge.source === id ? to : edge.source,
            target: edge.target === id ? to : edge.target,
          },
    ),
  }
}
