import { nodeKey } from "#core/execution/state"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { isJsonObject } from "#core/json"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { isInside, partsOf, splitKey } from "#web/flow/scope-path.ts"
import { brief, callsKey, positionOf, thoughtKey, thoughtOf } from "#web/agent/trail/trail.ts"
import type { DrawnFlow } from "./drawn-flow.ts"

/** Somebody at work, or something done, in a crew or an agent: one step, or all that one colleague was handed by another. */
export type Card = {
  /** The step's key, or the place of several. */
  id: string
  type: string
  label: string
  /** A line of substance while there are no figures. */
  about: string
  /** The steps that it stands for, in the order in which they were reached. */
  keys: readonly string[]
  inside: readonly Card[]
  /** Ids of those beside it that it follows. */
  follows: readonly string[]
}

export type Outline = {
  cards: readonly Card[]
  /** Delegations that the cards stand for. */
  delegations: number
}

/** Up to here each delegation has a card of its own unless somebody chooses otherwise; past it, one for each colleague. */
export const mostApart = 12

type Look = {
  live: LiveExecution
  flow: DrawnFlow
  /** Whether each delegation has a card of its own. */
  apart: boolean
  room: string
}

/** What was done inside of a crew or an agent so far: who works at what, whom they handed work to, and so on inwards. */
export function outlineOf(live: LiveExecution, flow: DrawnFlow, room: string, apart?: boolean): Outline {
  const { node_id, scope } = splitKey(room)
  const cardsOf = (look: Look): Card[] =>
    flow.node(node_id, scope)?.type === "crew" ? tasksIn(look, room) : [loner(look, room)]
  const delegations = delegationsIn(live, room)
  return { cards: cardsOf({ live, flow, room, apart: apart ?? delegations <= mostApart }), delegations }
}

/** How often work was handed on within a crew or an agent. */
export function delegationsIn({ state }: LiveExecution, room: string): number {
  let count = 0
  for (const key in state.nodes)
    if (positionOf(key) !== undefined && isInside(key, room) && state.nodes[key]!.status !== "skipped")
      count++
  return count
}

/** An agent that nobody has handed its work to: its calls are seen one by one, as long as they are few. */
function loner(look: Look, key: string): Card {
  const { node_id, scope } = splitKey(key)
  const inside = workOf(look, key, [key])
  return {
    id: key,
    type: "agent",
    label: look.flow.title(node_id, scope),
    about: "",
    keys: [key],
    inside,
    follows: [],
  }
}

/** Kinds of a crew's own flow that people know: who works, what is repeated, and what a person is asked. */
const shown: ReadonlySet<string> = new Set(["agent", "loop", "approval"])

/** The tasks of a crew, each with who works at it and whom they hand work to. */
function tasksIn(look: Look, room: string): Card[] {
  const { graph } = look.flow.at(room)
  const cardsUnder = (holder: FlowNode | undefined, place: string): Card[] =>
    graph.nodes
      .filter((node) => node.parent_id === holder?.id && shown.has(node.type))
      .map((node) => {
        const id = nodeKey(node.id, place)
        const keys = [...look.live.steps.keysAt(id)]
        return {
          id,
          type: node.type,
          label: labelOf(node),
          about: aboutOf(node),
          keys,
          inside:
            node.type === "loop" ? cardsUnder(node, id) : node.type === "agent" ? workOf(look, id, keys) : [],
          follows: followedBy(graph, node).map((one) => nodeKey(one, place)),
        }
      })
  return cardsUnder(undefined, room)
}

/** "report · Boss": the task, where the step is named like it, and who works at it. */
const labelOf = ({ id, type, label = id }: FlowNode): string =>
  type === "agent" && /^[a-z]/.test(id)
    ? `${id} · ${label}`
    : type === "approval"
      ? "Accept the result?"
      : label

const aboutOf = ({ data }: FlowNode): string =>
  typeof data["task"] === "string" ? data["task"].slice(0, 90) : ""

/** Those that people know and that lead to a node, directly or by others that they do not. */
function followedBy(
  graph: { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] },
  node: FlowNode,
): string[] {
  const byId = new Map(graph.nodes.map((one) => [one.id, one]))
  const found = new Set<string>()
  const seen = new Set<string>()
  const open = [node.id]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { source, target } of graph.edges) {
      if (target !== id || seen.has(source)) continue
      seen.add(source)
      const one = byId.get(source)
      if (one?.parent_id !== node.parent_id) continue
      if (shown.has(one?.type ?? "")) found.add(source)
      else open.push(source)
    }
  }
  return [...found]
}

/** Steps of a call that are cards: the tool, the question that comes before it, the colleague. */
const typeOfStep = (id: string): "call" | "approval" | "agent" | undefined =>
  id === "call" ? "call" : id === "ask" ? "approval" : id.startsWith("to_") ? "agent" : undefined

type Found = { place: string; type: "call" | "approval" | "agent"; keys: string[]; about: string }

/** What an agent, or one colleague in several pieces of work, had others do. */
function workOf(look: Look, place: string, keys: readonly string[]): Card[] {
  const { live } = look
  const found = new Map<string, Found>()
  for (const key of keys) {
    for (const turn of live.steps.scopesOf(key)) {
      for (const call of live.steps.scopesOf(callsKey(turn))) {
        for (const step of live.steps.stepsIn(call)) {
          const { node_id } = splitKey(step)
          const type = typeOfStep(node_id)
          if (type === undefined || live.node(step)?.status === "skipped") continue
          const at = nodeKey(node_id, callsKey(place))
          // Where the room is that of one agent, there is space for each call of a tool.
          const id = look.apart && keys.length === 1 && (type === "agent" || key === look.room) ? step : at
          const known = found.get(id)
          if (known) known.keys.push(step)
          else found.set(id, { place: id, type, keys: [step], about: askedOf(live, turn, call) })
        }
      }
    }
  }
  const times = new Map<string, number>()
  return [...found.values()].map((one) => cardOf(look, one, times))
}

function cardOf(look: Look, { place: id, type, keys, about }: Found, times: Map<string, number>): Card {
  const name = nameOf(look, type, keys)
  const nth = (times.get(name) ?? 0) + 1
  times.set(name, nth)
  return {
    id,
    type,
    label: nth > 1 ? `${name} ${nth}` : name,
    about,
    keys,
    inside: type === "agent" ? workOf(look, id, keys) : [],
    follows: [],
  }
}

function nameOf({ live, flow }: Look, type: Found["type"], keys: readonly string[]): string {
  if (type === "approval") return "May it be called?"
  if (type === "agent") {
    const { node_id, scope } = splitKey(keys[0]!)
    return flow.agentAt(node_id, scope) ?? flow.title(node_id, scope)
  }
  const names = new Set(keys.map((key) => live.node(key)?.tool?.name ?? "Tool"))
  return [...names].join(", ")
}

/** What the call was asked for, in a few words. */
function askedOf(live: LiveExecution, turn: string, call: string): string {
  const thought = live.node(thoughtKey(turn))
  const index = partsOf(call).at(-1)?.index ?? 0
  const asked = thought && thoughtOf(thought).calls[index]?.arguments
  if (!isJsonObject(asked)) return ""
  const { task } = asked
  return typeof task === "string" ? task.slice(0, 90) : brief(asked)
}

/** The card that stands for a step, or is nearest around it. */
export function cardAt(cards: readonly Card[], step: string): Card | undefined {
  let found: Card | undefined
  const look = (many: readonly Card[]): void => {
    for (const card of many) {
      if (card.id !== step && !card.keys.some((key) => isInside(step, key))) continue
      found = card
      look(card.inside)
    }
  }
  look(cards)
  return found
}
