import { isLoop } from "./kinds.ts"
import type { Workflow } from "./workflow.ts"

/** A Loop Over Items step with what it repeats. */
export type Loop = { name: string; body: ReadonlySet<string> }

/**
 * The loops that a map can stand for: what leaves by the loop's route comes back to it, and nothing else leads in or out. By name of
 * the step that loops.
 */
export function loopsOf({ nodes, routes }: Workflow): Map<string, Loop> {
  const found = new Map<string, Loop>()
  const taken = new Set<string>()
  const main = routes.filter((route) => route.way === "main")
  for (const node of nodes.filter(isLoop)) {
    // Until version 2 the first route was the loop's and the second was taken at the end.
    const repeats = node.version < 3 ? 0 : 1
    const begins = main
      .filter((route) => route.from === node.name && route.output === repeats)
      .map((route) => route.to)
    const body = reach(
      begins.filter((name) => name !== node.name),
      node.name,
      main,
    )
    const closes = [...body].some((name) =>
      main.some((route) => route.from === name && route.to === node.name),
    )
    const leaks = main.some(
      (route) =>
        (body.has(route.from) && route.to !== node.name && !body.has(route.to)) ||
        (body.has(route.to) &&
          !body.has(route.from) &&
          !(route.from === node.name && route.output === repeats)),
    )
    const nested = [...body].some(
      (name) => taken.has(name) || nodes.some((one) => one.name === name && isLoop(one)),
    )
    if (body.size === 0 || !closes || leaks || nested) continue
    for (const name of body) taken.add(name)
    found.set(node.name, { name: node.name, body })
  }
  return found
}

function reach(from: string[], end: string, routes: Workflow["routes"]): Set<string> {
  const seen = new Set(from)
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const route of routes)
      if (route.from === name && route.to !== end && !seen.has(route.to)) {
        seen.add(route.to)
        open.push(route.to)
      }
  return seen
}
