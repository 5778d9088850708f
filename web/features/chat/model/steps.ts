import type { ChatStep } from "#core/contract/chat"

export type StepNode = { step: ChatStep; inside: StepNode[] }

/** Steps as they happened inside each other, in their order. One whose outer step is not known stands at the top. */
export function stepTree(steps: readonly ChatStep[]): StepNode[] {
  const nodes = new Map(steps.map((step): [string, StepNode] => [step.id, { step, inside: [] }]))
  const top: StepNode[] = []
  for (const node of nodes.values()) {
    const outer = node.step.parent === null ? undefined : nodes.get(node.step.parent)
    if (outer && !isWithin(outer, node, nodes)) outer.inside.push(node)
    else top.push(node)
  }
  return top
}

/** Whether a step stands, however deep, inside another: one that stood inside itself would be shown nowhere. */
function isWithin(inner: StepNode, outer: StepNode, nodes: ReadonlyMap<string, StepNode>): boolean {
  const seen = new Set<StepNode>()
  for (let at: StepNode | undefined = inner; at && !seen.has(at);) {
    if (at === outer) return true
    seen.add(at)
    at = at.step.parent === null ? undefined : nodes.get(at.step.parent)
  }
  return false
}

const words: Record<ChatStep["type"], [string, string]> = {
  thought: ["thought", "thoughts"],
  tool: ["tool call", "tool calls"],
  delegation: ["delegation", "delegations"],
  model: ["model call", "model calls"],
  approval: ["question", "questions"],
  error: ["error", "errors"],
}

/** "2 tool calls, 1 delegation": what happened on the way, without the model calls that every answer has. */
export function saySteps(steps: readonly ChatStep[]): string {
  const counts = new Map<ChatStep["type"], number>()
  for (const { type } of steps) counts.set(type, (counts.get(type) ?? 0) + 1)
  const said = (["delegation", "tool", "thought", "approval", "error"] as const).flatMap((type) => {
    const count = counts.get(type)
    return count === undefined ? [] : [`${count} ${words[type][count === 1 ? 0 : 1]}`]
  })
  return said.join(", ") || `${steps.length} ${steps.length === 1 ? "step" : "steps"}`
}

/** What somebody does, behind who they are: "writer calls http_get". */
export function sayDoing({ type, title }: ChatStep): string {
  switch (type) {
    case "tool":
      return `calls ${title}`
    case "model":
      return `asks ${title}`
    case "delegation":
      return `delegates to ${title}`
    case "approval":
      return `asks: ${title}`
    case "thought":
    case "error":
      return title
    default:
      return type satisfies never
  }
}

/** What is going on right now: the innermost step under way. */
export const currentStep = (steps: readonly ChatStep[]): ChatStep | undefined =>
  steps.findLast(({ status }) => status === "running" || status === "waiting")
