import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import type { Folding } from "#web/flow/folding.ts"
import { frameHeader, isFrame, type Box, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { whyNotConnect } from "./document.ts"

export type Direction = "left" | "right" | "up" | "down"

type Stop = { id: string; middle: Point }

/** What is seen of a node: of a frame its bar, so that what is inside lies below it. */
function stopsOf(draft: FlowDraft, folding: Folding): Stop[] {
  const nesting = nestingOf(draft.nodes)
  return draft.nodes.flatMap((node): Stop[] => {
    if (folding.isHidden(node.id)) return []
    return [
      {
        id: node.id,
        middle: middleOf(node, { ...nesting.place(node.id), ...folding.sizeOf(node) }, folding),
      },
    ]
  })
}

const middleOf = (node: FlowNode, { x, y, width, height }: Box, folding: Folding): Point => ({
  x: x + width / 2,
  y: y + (isFrame(node) && !folding.isFolded(node.id) ? frameHeader(node) : height) / 2,
})

/**
 * The node next to one in a direction: along its edges to the right and left, where there are any, else what lies nearest on that
 * side. From nothing, the first of the flow. Null where there is none.
 */
export function neighbour(
  draft: FlowDraft,
  from: string | null,
  towards: Direction,
  folding: Folding,
  byEdges = true,
): string | null {
  const stops = stopsOf(draft, folding)
  const here = stops.find(({ id }) => id === from)
  if (!here) return firstOf(stops)
  if (byEdges && (towards === "left" || towards === "right")) {
    const along = new Set(
      draft.edges.flatMap(({ source, target }) => {
        const [begin, end] = [folding.standIn(source), folding.standIn(target)]
        if (towards === "right") return begin === from ? [end] : []
        return end === from ? [begin] : []
      }),
    )
    along.delete(here.id)
    const next = nearest(
      stops.filter(({ id }) => along.has(id)),
      ({ middle }) => Math.abs(middle.y - here.middle.y),
    )
    if (next) return next.id
  }
  const ahead = (middle: Point): number =>
    towards === "right"
      ? middle.x - here.middle.x
      : towards === "left"
        ? here.middle.x - middle.x
        : towards === "down"
          ? middle.y - here.middle.y
          : here.middle.y - middle.y
  const aside = (middle: Point): number =>
    towards === "left" || towards === "right"
      ? Math.abs(middle.y - here.middle.y)
      : Math.abs(middle.x - here.middle.x)
  const onThatSide = stops.filter(({ id, middle }) => id !== from && ahead(middle) > 0)
  return nearest(onThatSide, ({ middle }) => ahead(middle) + 2 * aside(middle))?.id ?? null
}

const firstOf = (stops: readonly Stop[]): string | null =>
  nearest(stops, ({ middle }) => middle.x + middle.y)?.id ?? null

function nearest(stops: readonly Stop[], distance: (stop: Stop) => number): Stop | undefined {
  let found: Stop | undefined
  let least = Infinity
  for (const stop of stops) {
    const far = distance(stop)
    if (far < least) [found, least] = [stop, far]
  }
  return found
}

/** The nodes that an edge may lead to, the nearest first. */
export function targetsFor(draft: FlowDraft, source: string, handle: string, folding: Folding): string[] {
  const stops = stopsOf(draft, folding)
  const here = stops.find(({ id }) => id === source)
  if (!here) return []
  const far = ({ middle }: Stop): number =>
    Math.hypot(middle.x - here.middle.x, middle.y - here.middle.y) + (middle.x > here.middle.x ? 0 : 10_000)
  return stops
    .filter(({ id }) => whyNotConnect(draft, { source, target: id, source_handle: handle }) === null)
    .toSorted((one, other) => far(one) - far(other))
    .map(({ id }) => id)
}
