import type { Execution } from "#core/contract/executions"
import { incomingOf } from "#core/execution/values"
import type { ExecutionState } from "#core/execution/state"
import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowNode } from "#core/flow/graph"
import { planOf, type Body, type Plan } from "#core/flow/plan"
import type { Json } from "#core/json"
import { describedBy } from "#core/trace/describe"
import type { Describe } from "#core/trace/trace"
import { titleOf } from "#web/flow/node-card.tsx"
import { holdersIn, partsOf, splitKey, type ScopeView } from "#web/flow/scope-path.ts"
import { sayScope } from "./step-search.ts"

/** The flow that the canvas shows of an execution: its own, or one that it calls. */
export type Drawing = {
  graph: Pick<Execution["graph"], "nodes" | "edges">
  /** The scope that it is executed under; empty for the execution's own. */
  base: string
}

/** The frozen graph of an execution with the flows that it calls: which node a step belongs to, and what came to it. */
export class DrawnFlow {
  readonly #graph: Execution["graph"]
  readonly #plan: Plan
  readonly #holders = new Map<Drawing["graph"], ScopeView["holders"]>()
  readonly #nodes = new Map<Drawing["graph"], Map<string, FlowNode>>()

  /** What spans are told of the nodes that they belong to. */
  readonly describe: Describe

  constructor(graph: Execution["graph"]) {
    this.#graph = graph
    this.#plan = planOf(frozen(graph))
    this.describe = describedBy(this.#plan)
  }

  /** The flow that a scope is drawn in; the execution's own where the called one is not known. */
  at(scope: string): Drawing {
    const base = partsOf(scope).findLast((part) => part.index === undefined)?.path ?? ""
    const body = base === "" ? undefined : this.#body(base)
    return body ? { graph: body.graph, base } : { graph: this.#graph, base: "" }
  }

  /** What the canvas shows while an iteration is looked at. */
  view(chosen: string): ScopeView {
    const { graph, base } = this.at(chosen)
    let holders = this.#holders.get(graph)
    if (!holders) this.#holders.set(graph, (holders = holdersIn(graph.nodes)))
    return { base, chosen, holders }
  }

  /**
   * As much of a scope as lies in a drawn flow. The turns of agents and the work of crews are drawn nowhere: what happens in them
   * is told step by step.
   */
  drawnPart(scope: string): string {
    let drawn = ""
    for (const { path, node_id, index } of partsOf(scope)) {
      const holder = this.#drawnNode(node_id, drawn)
      if (holder?.type === "agent" || holder?.type === "crew") return drawn
      if (index === undefined && !this.#body(path)) return drawn
      drawn = path
    }
    return drawn
  }

  /** The step whose inside is drawn by itself: the outermost crew or agent that a scope lies in. */
  roomOf(scope: string): string | undefined {
    if (!this.#isWork(scope)) return undefined
    return partsOf(scope)[partsOf(this.drawnPart(scope)).length]?.holder
  }

  /** The crew or agent that the whole execution is, where it is nothing beside: such as a trial of one. */
  get only(): string | undefined {
    const [held, ...more] = this.#graph.nodes.filter(({ type }) => type !== "input" && type !== "output")
    return more.length === 0 && (held?.type === "crew" || held?.type === "agent") ? held.id : undefined
  }

  /** The name of the agent that works at a step. */
  agentAt(id: string, scope: string): string | undefined {
    return this.describe(id, scope)?.agent?.name
  }

  /** The agent that works at a step, or in whose turn the step was done. */
  workerAt(step: string): NonNullable<ReturnType<Describe>>["agent"] {
    const { scope } = splitKey(step)
    const keys = [
      step,
      ...partsOf(scope)
        .map(({ holder }) => holder)
        .toReversed(),
    ]
    return keys
      .map((key) => splitKey(key))
      .map((at) => this.describe(at.node_id, at.scope)?.agent)
      .find(Boolean)
  }

  node(id: string, scope: string): FlowNode | undefined {
    return this.drawnPart(scope) === scope ? this.#drawnNode(id, scope) : undefined
  }

  #drawnNode(id: string, scope: string): FlowNode | undefined {
    const { graph, base } = this.at(scope)
    // A flow that is not known has no nodes to show, though its own nodes may have the same names.
    if (base === "" && partsOf(scope).some((part) => part.index === undefined)) return undefined
    let nodes = this.#nodes.get(graph)
    if (!nodes) this.#nodes.set(graph, (nodes = new Map(graph.nodes.map((node) => [node.id, node]))))
    return nodes.get(id)
  }

  /** What people call a node; a step of an agent by what it does, any other by its id where it is not known. */
  title(id: string, scope: string): string {
    const node = this.node(id, scope)
    return node ? titleOf(node) : this.#isWork(scope) || this.#isCall(scope) ? titleOfInner(id) : id
  }

  /** Whether a scope is the call of a tool that asks a person first, or is a flow. */
  #isCall(scope: string): boolean {
    const { scope: outer, node_id } = splitKey(scope)
    return this.#drawnNode(node_id, outer)?.type === "tool"
  }

  /** Whether a scope lies in what an agent or a crew does. */
  #isWork(scope: string): boolean {
    const drawn = this.drawnPart(scope)
    const next = partsOf(scope)[partsOf(drawn).length]
    const holder = next && this.#drawnNode(next.node_id, drawn)
    return holder?.type === "agent" || holder?.type === "crew"
  }

  /** "Item 7 › Iteration 2": where a step stands, in words. */
  place(scope: string): string {
    const types = new Map(
      partsOf(scope).map((part, i, all) => {
        const outer = all[i - 1]?.path ?? ""
        const isInner = this.#isWork(outer)
        return [part.node_id, isInner ? innerType(part.node_id) : this.node(part.node_id, outer)?.type]
      }),
    )
    return sayScope(scope, (id) => types.get(id))
  }

  /** What came to a step by its edges: steps without effects keep no input of their own, since what came before says it. */
  incoming(state: ExecutionState, id: string, scope: string): Json | undefined {
    const node = this.#body(scope)?.nodes.get(id)
    return node && incomingOf(state, this.#plan, node, scope)
  }

  #body(scope: string): Body | undefined {
    try {
      return this.#plan.body(scope)
    } catch {
      // The flow that is called there was not given with the execution.
      return undefined
    }
  }
}

/** Inside of agents and crews: a map over calls, an agent at work, or what leads a crew from task to task. */
const innerType = (id: string): string =>
  id === "calls" ? "calls" : /^(Until|Rounds)_\d+$/.test(id) ? "loop" : "agent"

const innerTitles: Record<string, string> = {
  think: "Thought",
  calls: "Calls",
  check: "Check",
  call: "Tool call",
  ask: "Question to a person",
  failed: "What failed",
  refused: "Refusal",
}

const titleOfInner = (id: string): string => innerTitles[id] ?? id.replace(/^to_/, "")

function frozen({ nodes, edges, callees = {}, agents = {}, crews = {} }: Execution["graph"]): FrozenGraph {
  return {
    // What they say to their models is not told; their turns are drawn without it.
    agents: agents as unknown as NonNullable<FrozenGraph["agents"]>,
    crews: crews as unknown as NonNullable<FrozenGraph["crews"]>,
    nodes,
    edges,
    settings: {},
    callees: Object.fromEntries(
      Object.entries(callees).map(([key, callee]) => [
        key,
        { ...callee, graph: { ...callee.graph, settings: {} } },
      ]),
    ),
  }
}
