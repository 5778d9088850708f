import type { App, DifyNode } from "./app.ts"
import { assignmentsOf } from "./assign.ts"
import type { Written } from "./source.ts"

/** Stands for who reads at the end of a frame's round, when all that is inside has been done. */
export const endOf = (frame: string): string => `${frame}\u0000end`

const variable = ({ holder, name }: Written): string => `${holder}.${name}`

/** What leads to what in an app, and who writes its variables. */
export class AppGraph {
  readonly byKey: ReadonlyMap<string, DifyNode>
  readonly #before = new Map<string, string[]>()
  readonly #after = new Map<string, string[]>()
  readonly #place: ReadonlyMap<string, number>
  readonly #writers = new Map<string, string[]>()

  constructor({ nodes, edges }: App) {
    this.byKey = new Map(nodes.map((node) => [node.key, node]))
    for (const { source, target } of edges) {
      this.#before.set(target, [...(this.#before.get(target) ?? []), source])
      this.#after.set(source, [...(this.#after.get(source) ?? []), target])
    }
    this.#place = this.#ordered()
    for (const node of nodes)
      if (node.kind === "assigner" && this.mayAssign(node))
        for (const one of assignmentsOf(node.data))
          this.#writers.set(variable(one), [...(this.#writers.get(variable(one)) ?? []), node.key])
  }

  /** The frames around a step, the inner one first. */
  holders(key: string): string[] {
    const [frame, end] = key.split("\u0000")
    const found: string[] = end === undefined ? [] : [frame!]
    for (
      let at = this.byKey.get(frame!)?.parent;
      at !== undefined && !found.includes(at);
      at = this.byKey.get(at)?.parent
    )
      found.push(at)
    return found
  }

  leads = (key: string): boolean => (this.#after.get(key) ?? []).length > 0

  /** Where a step comes in the order in which an app is done. */
  placeOf = (key: string): number => this.#place.get(key) ?? 0

  /** Whether what a step assigns can be seen by those who read it here: by the steps after it, in the same frame. */
  mayAssign(node: DifyNode): boolean {
    const written = assignmentsOf(node.data)
    const holder = node.parent ?? "conversation"
    const isKnown = node.parent === undefined || this.byKey.get(node.parent)?.kind === "loop"
    return isKnown && written.length > 0 && written.every((one) => one.holder === holder)
  }

  /** The steps that wrote a variable before somebody reads it, the last one first. */
  writers(written: Written, reader: string): string[] {
    const all = this.#writers.get(variable(written)) ?? []
    if (all.length === 0) return []
    const done = this.#upstream(reader)
    return all.filter((key) => done.has(key)).toSorted((a, b) => this.placeOf(b) - this.placeOf(a))
  }

  /** What begins a frame, and whatever is led to from there; what is not is never done. */
  reached(frame: DifyNode): ReadonlySet<string> {
    const inside = [...this.byKey.values()].filter((node) => node.parent === frame.key)
    const starts = inside.filter((node) => node.kind === "iteration-start" || node.kind === "loop-start")
    const named = typeof frame.data["start_node_id"] === "string" ? [frame.data["start_node_id"]] : []
    return walk([...named, ...starts.map((node) => node.key)], this.#after)
  }

  /** All that is done before a step: what leads to it, and to the frames around it. */
  #upstream(reader: string): ReadonlySet<string> {
    const around = this.holders(reader)
    const inside = reader.includes("\u0000")
      ? [...this.byKey.values()].filter((node) => node.parent === around[0]).map((node) => node.key)
      : (this.#before.get(reader) ?? [])
    return walk([...inside, ...around.flatMap((frame) => this.#before.get(frame) ?? [])], this.#before)
  }

  /** A step comes after all that lead to it; what goes round keeps the place that it was met in. */
  #ordered(): Map<string, number> {
    const waits = new Map([...this.byKey.keys()].map((key) => [key, this.#before.get(key)?.length ?? 0]))
    const open = [...waits].filter(([, count]) => count === 0).map(([key]) => key)
    const place = new Map<string, number>()
    for (const key of open) {
      place.set(key, place.size)
      for (const next of this.#after.get(key) ?? []) {
        const left = (waits.get(next) ?? 0) - 1
        waits.set(next, left)
        if (left === 0) open.push(next)
      }
    }
    return place
  }
}

function walk(from: string[], along: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set(from)
  for (const key of found) for (const next of along.get(key) ?? []) found.add(next)
  return found
}
