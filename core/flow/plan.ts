import type { FrozenGraph } from "./frozen.ts"
import type { Callee, FlowEdge, FlowGraph, FlowNode } from "./graph.ts"
import { atWork, type AgentAtWork, type Place } from "#core/agent/at-work"
import { turnGraph } from "#core/agent/body"
import { toolGraph, toolOf } from "#core/agent/tool-node"
import { compileCrew } from "#core/crew/compile"
import type { AgentDefinition } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import { holderOf } from "./holder.ts"
import { kindOf } from "./kinds.ts"
import { crewKey } from "./kinds/crew.ts"
import { calleeKey, SubflowData } from "./kinds/subflow.ts"
import { grouped, reachableFrom, topological } from "./walk.ts"

/** Nodes that are executed together under one scope: those of a flow, or those inside a map or loop. */
export type Body = {
  /** The flow that they are drawn in. */
  graph: FlowGraph
  nodes: ReadonlyMap<string, FlowNode>
  /** Those that an execution can come to, in topological order. */
  order: readonly FlowNode[]
  arriving: ReadonlyMap<string, readonly FlowEdge[]>
  leaving: ReadonlyMap<string, readonly FlowEdge[]>
  /** The nodes whose values are what the body comes to. */
  results: readonly string[]
  /** Where it stands among agents: inside which crew, and how often work was handed on to come here. */
  place: Place
  /** Who works in it, when it is a turn of an agent, or the calls of one. */
  work?: AgentAtWork
  /** The tool that is called in it, when a node's call is more than one step. */
  tool?: AgentDefinition["tools"][number]
}

/** A frozen graph made ready to execute. Built once for each definition; bodies when an execution first enters them. */
export type Plan = {
  graph: FrozenGraph
  root: Body
  /** The body that is executed under a scope. Throws when the graph has no such place. */
  body: (scope: string) => Body
}

export function planOf(graph: FrozenGraph): Plan {
  const root = flowBody(graph)
  const bodies = new Map<string, Body>([["", root]])
  const body = (scope: string): Body => {
    const place = scope.replace(/\[\d+\]/g, "")
    const known = bodies.get(place)
    if (known) return known
    const cut = place.lastIndexOf("/")
    const outer = body(cut < 0 ? "" : place.slice(0, cut))
    const holder = outer.nodes.get(place.slice(cut + 1))
    if (!holder) throw new Error(`no node holds the scope ${scope}`)
    const made = heldBody(graph, outer, holder)
    bodies.set(place, made)
    return made
  }
  return { graph, root, body }
}

/** What a node holds: nodes that are drawn inside it, a flow that it calls, a crew's flow, a tool's call, or a turn of an agent. */
function heldBody(graph: FrozenGraph, outer: Body, holder: FlowNode): Body {
  switch (holder.type) {
    case "subflow":
    case "flow":
      return flowBody(calleeOf(graph, holder).graph)
    case "crew": {
      const crew = crewOf(graph, holder)
      return flowBody(compileCrew(crew), { crew, depth: 0 })
    }
    case "tool": {
      const tool = toolOf(graph, holder)
      if (!tool) throw new Error(`the tool of ${holder.id} is not in the frozen graph`)
      const drawn = toolGraph(tool)
      return bodyOf(drawn, drawn.nodes, { place: outer.place, tool }, () => ["call"])
    }
    case "agent": {
      // Whom work was handed to stands one deeper than who handed it on.
      const place = { ...outer.place, depth: outer.place.depth + (outer.work ? 1 : 0) }
      return turnBody(atWork(graph, place, holder), place)
    }
    default:
      return innerBody(outer, holder.id)
  }
}

/** The crew of a node, as it was frozen with its flow. */
export function crewOf(graph: FrozenGraph, node: FlowNode): CrewDefinition {
  const crew = graph.crews?.[crewKey(node.data as { crew_id: string })]
  if (!crew) throw new Error(`the crew of ${node.id} is not in the frozen graph`)
  return crew
}

/** The flow that a subflow node calls, as it was frozen with its caller. */
export function calleeOf(graph: FrozenGraph, node: FlowNode): Callee {
  const callee = graph.callees?.[calleeKey(SubflowData.parse(node.data))]
  if (!callee) throw new Error(`the flow that ${node.id} calls is not in the frozen graph`)
  return callee
}

const isExecuted = (node: FlowNode): boolean => kindOf(node.type)?.act !== "none"

const nowhere: Place = { crew: undefined, depth: 0 }

function flowBody(graph: FlowGraph, place = nowhere): Body {
  const all = new Map(graph.nodes.map((node) => [node.id, node]))
  const own = graph.nodes.filter((node) => isExecuted(node) && !holderOf(node, all))
  const reachable = reachableFrom(
    { nodes: own, edges: graph.edges },
    own.filter((node) => kindOf(node.type)?.act === "input"),
  )
  return bodyOf(
    graph,
    own.filter((node) => reachable.has(node.id)),
    { place },
    (body) => outputsIn(body),
  )
}

function innerBody({ graph, place, work }: Body, holder: string): Body {
  const all = new Map(graph.nodes.map((node) => [node.id, node]))
  const own = graph.nodes.filter((node) => isExecuted(node) && holderOf(node, all)?.id === holder)
  if (work) return bodyOf(graph, own, { place, work }, everyStep)
  return bodyOf(graph, own, { place }, (body) => {
    const outputs = outputsIn(body)
    if (outputs.length > 0) return outputs
    return body.order.flatMap(({ id }) => (body.leaving.has(id) ? [] : [id]))
  })
}

function turnBody(work: AgentAtWork, place: Place): Body {
  const graph = turnGraph(work)
  const own = graph.nodes.filter((node) => node.parent_id === undefined)
  return bodyOf(graph, own, { place, work }, everyStep)
}

type Unfinished = Omit<Body, "results">

/** What a turn of an agent comes to is told by all of its steps. */
const everyStep = ({ order }: Unfinished): string[] => order.map(({ id }) => id)

const outputsIn = ({ order }: Unfinished): string[] =>
  order.flatMap((node) => (node.type === "output" ? [node.id] : []))

function bodyOf(
  graph: FlowGraph,
  own: FlowNode[],
  where: Pick<Body, "place" | "work" | "tool">,
  results: (body: Unfinished) => string[],
): Body {
  const nodes = new Map(own.map((node) => [node.id, node]))
  const edges = graph.edges.filter((edge) => nodes.has(edge.source) && nodes.has(edge.target))
  const { order } = topological([...nodes.keys()], edges)
  const body = {
    ...where,
    graph,
    nodes,
    order: order.map((id) => nodes.get(id)!),
    arriving: grouped(edges, (edge) => edge.target),
    leaving: grouped(edges, (edge) => edge.source),
  }
  return { ...body, results: results(body) }
}

/** The ids of all nodes of a body that a node needs, itself included. */
export function neededFor(body: Body, id: string): Set<string> {
  const seen = new Set([id])
  const open = [id]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const { source } of body.arriving.get(one) ?? []) {
      if (seen.has(source)) continue
      seen.add(source)
      open.push(source)
    }
  }
  return seen
}

/** The ids of all nodes of a body that come after a node, itself included. */
export function after(body: Body, id: string): Set<string> {
  const seen = new Set([id])
  const open = [id]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const { target } of body.leaving.get(one) ?? []) {
      if (seen.has(target)) continue
      seen.add(target)
      open.push(target)
    }
  }
  return seen
}
