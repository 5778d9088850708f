import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import {
  framePadding,
  frameHeader,
  isFrame,
  leastSize,
  sizeOf,
  type Box,
  type Point,
  type Size,
} from "./geometry.ts"

/**
 * Which node is drawn inside which, and where that puts it. Drafts may name parents that are gone, or in a circle; such nodes
 * stand by themselves.
 */
export class Nesting {
  readonly #byId: ReadonlyMap<string, FlowNode>
  readonly #parents = new Map<string, FlowNode>()
  readonly #children = new Map<string, FlowNode[]>()
  readonly #frames: readonly FlowNode[]
  readonly nodes: readonly FlowNode[]

  constructor(nodes: readonly FlowNode[]) {
    this.nodes = nodes
    this.#frames = nodes.filter(isFrame)
    this.#byId = new Map(nodes.map((node) => [node.id, node]))
    for (const node of nodes) {
      const parent = this.#parentNamed(node)
      if (!parent || this.#leadsBack(node, parent)) continue
      this.#parents.set(node.id, parent)
      const siblings = this.#children.get(parent.id)
      if (siblings) siblings.push(node)
      else this.#children.set(parent.id, [node])
    }
  }

  node(id: string): FlowNode | undefined {
    return this.#byId.get(id)
  }

  parent(id: string): FlowNode | undefined {
    return this.#parents.get(id)
  }

  children(id: string | undefined): readonly FlowNode[] {
    if (id !== undefined) return this.#children.get(id) ?? []
    return this.nodes.filter((node) => !this.#parents.has(node.id))
  }

  /** The frames around a node, the nearest first. */
  around(id: string): FlowNode[] {
    const found: FlowNode[] = []
    for (let one = this.parent(id); one; one = this.parent(one.id)) found.push(one)
    return found
  }

  /** The map or loop whose iterations execute a node; undefined at the flow's own level. */
  holder(id: string): FlowNode | undefined {
    return this.holders(id)[0]
  }

  /** All maps and loops around a node, the nearest first. */
  holders(id: string): FlowNode[] {
    return this.around(id).filter((node) => kindOf(node.type)?.holds === "body")
  }

  isInside(id: string, frame: string): boolean {
    return this.around(id).some((node) => node.id === frame)
  }

  /** The nodes and everything inside them. */
  withInsides(ids: Iterable<string>): Set<string> {
    const all = new Set<string>()
    const open = [...ids]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (all.has(id)) continue
      all.add(id)
      open.push(...this.children(id).map((child) => child.id))
    }
    return all
  }

  /** Those that stand inside none of the others: moving them moves all. */
  outermost(ids: ReadonlySet<string>): FlowNode[] {
    return this.nodes.filter(
      (node) => ids.has(node.id) && !this.around(node.id).some((one) => ids.has(one.id)),
    )
  }

  /** Where a node's corner is on the canvas. */
  place(id: string): Point {
    const node = this.#byId.get(id)
    if (!node) return { x: 0, y: 0 }
    return this.around(id).reduce<Point>(
      (at, frame) => ({ x: at.x + frame.position.x, y: at.y + frame.position.y }),
      node.position,
    )
  }

  box(id: string): Box {
    const node = this.#byId.get(id)
    return { ...this.place(id), ...(node ? sizeOf(node) : { width: 0, height: 0 }) }
  }

  /** The innermost frame at a point, leaving out some frames and what is inside them. */
  frameAt(point: Point, except: ReadonlySet<string> = new Set()): FlowNode | undefined {
    if (this.#frames.length === 0) return undefined
    const without = this.withInsides(except)
    let found: FlowNode | undefined
    let depth = -1
    for (const node of this.#frames) {
      if (without.has(node.id) || !holds(this.box(node.id), point)) continue
      const deep = this.around(node.id).length
      // Of two beside each other the later one is drawn on top.
      if (deep >= depth) [found, depth] = [node, deep]
    }
    return found
  }

  /** Parents before their children, frames before what they may be drawn behind: the order in which React Flow wants them. */
  parentsFirst(): FlowNode[] {
    if (this.#frames.length === 0) return [...this.nodes]
    const ordered: FlowNode[] = []
    const add = (siblings: readonly FlowNode[]) => {
      for (const node of [...siblings.filter(isFrame), ...siblings.filter((one) => !isFrame(one))]) {
        ordered.push(node)
        add(this.children(node.id))
      }
    }
    add(this.children(undefined))
    return ordered
  }

  #parentNamed({ parent_id: id }: FlowNode): FlowNode | undefined {
    const parent = id === undefined ? undefined : this.#byId.get(id)
    return parent && isFrame(parent) ? parent : undefined
  }

  /** Whether the parents above a node come back to it. */
  #leadsBack(node: FlowNode, parent: FlowNode): boolean {
    const seen = new Set([node.id])
    for (let one: FlowNode | undefined = parent; one; one = this.#parentNamed(one)) {
      if (seen.has(one.id)) return true
      seen.add(one.id)
    }
    return false
  }
}

const holds = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height

const nestings = new WeakMap<readonly FlowNode[], Nesting>()

/** The nesting of a list of nodes, worked out once for each list. */
export function nestingOf(nodes: readonly FlowNode[]): Nesting {
  const known = nestings.get(nodes)
  if (known) return known
  const made = new Nesting(nodes)
  nestings.set(nodes, made)
  return made
}

/** Where the inside of a frame begins. */
export const insideOf = (frame: Pick<FlowNode, "type">): Point => ({
  x: framePadding,
  y: frameHeader(frame) + framePadding,
})

/** How large a frame must be for what is inside it. */
export function sizeToHold(frame: FlowNode, children: readonly FlowNode[]): Size {
  const least = leastSize(frame)
  return children.reduce<Size>((size, child) => {
    const { width, height } = sizeOf(child)
    return {
      width: Math.max(size.width, child.position.x + width + framePadding),
      height: Math.max(size.height, child.position.y + height + framePadding),
    }
  }, least)
}
