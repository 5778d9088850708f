import type { Point } from "#web/flow/geometry.ts"

/**
 * The plus on an edge, shown while the pointer is near or the edge is selected. By keyboard the same is reached from the edge's
 * panel, since edges are no stops of their own.
 */
export const InsertButton = ({ at, onPress }: { at: Point; onPress: (screen: Point) => void }) => (
  <g
    aria-hidden
    className="edge-insert nopan"
    transform={`translate(${at.x} ${at.y})`}
    onClick={(event) => {
      event.stopPropagation()
      const box = event.currentTarget.getBoundingClientRect()
      onPress({ x: box.x + box.width / 2, y: box.y + box.height })
    }}
  >
    <circle r="18" className="edge-insert-reach" />
    <circle r="9" className="edge-insert-disc" />
    <path d="M-4 0H4M0 -4V4" className="edge-insert-sign" />
  </g>
)
