import type { Page } from "playwright-core"

/** How far the end of an edge, as it is drawn now, is from the way into a node, in pixels of the screen. */
export const gapBetween = (page: Page, edge: string, node: string): Promise<number> =>
  page.evaluate(
    ([edgeId, nodeId]) => {
      const path = document.querySelector<SVGPathElement>(`.react-flow__edge[data-id="${edgeId}"] > path`)
      const way = document.querySelector(`.react-flow__node[data-id="${nodeId}"] .react-flow__handle.target`)
      const matrix = path?.getScreenCTM()
      if (!path || !way || !matrix) throw new Error(`${edgeId} or ${nodeId} is not drawn.`)
      const end = path.getPointAtLength(path.getTotalLength()).matrixTransform(matrix)
      const box = way.getBoundingClientRect()
      return Math.hypot(end.x - box.left, end.y - box.top - box.height / 2)
    },
    [edge, node] as const,
  )
