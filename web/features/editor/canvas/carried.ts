import { lineBetween, type Around } from "#web/flow/edge-line.ts"
import type { Point } from "#web/flow/geometry.ts"
import { endsOf, type FlowStore } from "./edge-ends.ts"

/** The line around what is in an edge's way, when it has one. */
export type RouteOf = (edge: string) => Around | undefined

/** As React Flow draws the places at which an edge is taken up again. */
const gripRadius = 8

/**
 * Nodes that somebody carries, what is inside them, and the edges of both, drawn where they are carried to past React. What has to
 * be known for it is gathered when they are taken up; a step then costs what it moves and no more, however large the flow is. It
 * writes what React would write, so that React may render any of it at any time.
 */
export class Carried {
  protected readonly store: FlowStore
  private readonly routeOf: RouteOf
  /** What is held and what is inside it, a frame before that. */
  protected readonly carried: ReadonlySet<string>
  private readonly edges: ReadonlySet<string>
  private readonly nodeElements = new Map<string, HTMLElement>()
  private readonly edgeElements = new Map<string, Element>()
  /** React Flow has rendered since: elements may have come and gone. */
  private isStale = true
  private readonly unsubscribe: () => void
  readonly held: ReadonlySet<string>

  constructor(store: FlowStore, held: Iterable<string>, routeOf: RouteOf) {
    this.store = store
    this.routeOf = routeOf
    this.held = new Set(held)
    const { nodeLookup, edges } = store.getState()
    const carried = new Set<string>()
    for (const { id, parentId } of nodeLookup.values())
      if (this.held.has(id) || (parentId !== undefined && carried.has(parentId))) carried.add(id)
    this.carried = carried
    this.edges = new Set(
      edges.flatMap(({ id, source, target }) => (carried.has(source) || carried.has(target) ? [id] : [])),
    )
    this.unsubscribe = store.subscribe(() => (this.isStale = true))
  }

  /** It is carried no longer. */
  letGo(): void {
    this.unsubscribe()
  }

  /** Whether something that is carried has no element: it is out of view, or was until now. */
  protected get isPartlyOutOfView(): boolean {
    const { nodeLookup } = this.store.getState()
    for (const id of this.carried) {
      const node = this.nodeElements.has(id) ? undefined : nodeLookup.get(id)
      if (node && !node.hidden) return true
    }
    return false
  }

  /** Draws everything anew; a place that is not said is the one that React Flow knows. */
  protected draw(placeOf: (id: string) => Point | undefined): void {
    if (this.isStale) this.gather()
    for (const [id, { style }] of this.nodeElements) {
      const at = placeOf(id) ?? this.placeOf(id)
      if (at) style.transform = `translate(${at.x}px,${at.y}px)`
    }
    for (const [id, element] of this.edgeElements) this.drawEdge(id, element, placeOf)
  }

  protected placeOf(id: string): Point | undefined {
    return this.store.getState().nodeLookup.get(id)?.internals.positionAbsolute
  }

  private gather(): void {
    this.isStale = false
    const { domNode } = this.store.getState()
    this.nodeElements.clear()
    for (const element of domNode?.querySelectorAll<HTMLElement>(".react-flow__node") ?? []) {
      const id = element.dataset["id"]
      if (id !== undefined && this.carried.has(id)) this.nodeElements.set(id, element)
    }
    this.edgeElements.clear()
    for (const element of domNode?.querySelectorAll<SVGElement>(".react-flow__edge") ?? []) {
      const id = element.dataset["id"]
      if (id !== undefined && this.edges.has(id)) this.edgeElements.set(id, element)
    }
  }

  private drawEdge(id: string, element: Element, placeOf: (id: string) => Point | undefined): void {
    const ends = endsOf(this.store, id, placeOf)
    if (!ends) return
    const { from, to } = ends
    const { d, middle } = lineBetween(from, to, this.routeOf(id))
    for (const part of element.children) {
      if (part.localName === "path") part.setAttribute("d", d)
      else if (part.localName === "g") part.setAttribute("transform", `translate(${middle.x} ${middle.y})`)
      else if (part.localName === "circle") placeGrip(part, from, to)
    }
  }
}

/** Where an end of an edge is taken up to be plugged elsewhere. */
function placeGrip(grip: Element, from: Point, to: Point): void {
  const isSource = grip.classList.contains("react-flow__edgeupdater-source")
  grip.setAttribute("cx", String(isSource ? from.x + gripRadius : to.x - gripRadius))
  grip.setAttribute("cy", String(isSource ? from.y : to.y))
}
