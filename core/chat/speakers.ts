import type { Listening, Placed, TurnState } from "./turn-state.ts"

/** Nodes of the graphs that are made of one agent or crew alone. */
const alone: ReadonlySet<string> = new Set(["agent", "crew"])

/** The place of the node whose body a scope belongs to. */
const holderOf = (scope: string): string => scope.replace(/\[\d+\]$/, "")

/** Places that hold another, the nearest first. */
function* holdersOf({ scope }: Placed): Generator<string> {
  for (
    let rest = scope ?? "";
    rest !== "";
    rest = rest.includes("/") ? rest.slice(0, rest.lastIndexOf("/")) : ""
  )
    yield holderOf(rest)
}

/** Who does what an event tells: the agent at work around it, else the node; the partner where it acts itself. */
export function whoOf(state: TurnState, event: Placed, { partner }: Listening): string {
  for (const holder of holdersOf(event)) {
    const name = state.agents[holder]
    if (name !== undefined) return name
  }
  return alone.has(event.node_id) ? partner : event.node_id
}

/** The step that it happens inside: work that was handed on, or an attached flow. */
export function parentOf(state: TurnState, event: Placed, { inside }: Listening): string | null {
  for (const holder of holdersOf(event)) {
    const step = state.handedOn[holder]
    if (step !== undefined) return step
  }
  return inside ?? null
}

/** What is said while work is handed on is said to a colleague. */
export const isAside = (state: TurnState, event: Placed): boolean =>
  [...holdersOf(event)].some((holder) => state.handedOn[holder] !== undefined)
