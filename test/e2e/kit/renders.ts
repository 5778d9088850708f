import type { Page } from "playwright-core"

/** As much of React's own tree as is needed to see what it has rendered. */
type Fiber = {
  flags: number
  child: Fiber | null
  sibling: Fiber | null
  alternate: Fiber | null
  memoizedProps: Record<string, unknown> | null
}

declare global {
  interface Window {
    /** Of each time that React rendered: the nodes of the canvas whose components were among it. */
    nodeRenders: string[][]
    /** The same of its edges. */
    edgeRenders: string[][]
  }
}

/** From now on each page of the context notes which nodes and edges of a canvas React renders, by the hook that its developer tools use. */
export async function noteRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.nodeRenders = []
    window.edgeRenders = []
    const didWork = 1
    type Found = { nodes: Set<string>; edges: Set<string> }
    const visit = (now: Fiber, before: Fiber | null, found: Found): void => {
      const { memoizedProps: props, flags } = now
      if (props !== null && typeof props["id"] === "string" && (flags & didWork) !== 0) {
        if ("nodeTypes" in props) found.nodes.add(props["id"])
        if ("edgeTypes" in props) found.edges.add(props["id"])
      }
      // What React left alone is the very same child.
      if (before && now.child === before.child) return
      for (let child = now.child; child; child = child.sibling) visit(child, child.alternate, found)
    }
    Object.assign(window, {
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        renderers: new Map(),
        inject: () => 1,
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
        onCommitFiberRoot: (_: number, root: { current: Fiber }) => {
          const found = { nodes: new Set<string>(), edges: new Set<string>() }
          visit(root.current, root.current.alternate, found)
          if (found.nodes.size > 0) window.nodeRenders.push([...found.nodes])
          if (found.edges.size > 0) window.edgeRenders.push([...found.edges])
        },
      },
    })
  })
}
