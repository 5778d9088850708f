import type { MemberData } from "#core/agent/at-work"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import type { CrewDefinition, CrewTask } from "../crew.ts"

/** Names of the nodes that a crew's flow has beside its tasks: no task and no position begins with a capital. */
export const names = {
  input: "Input",
  result: "Result",
  /** What is done until a person accepts it. */
  until: (task: number) => `Until_${task}`,
  work: (task: number) => `Work_${task}`,
  review: (task: number) => `Review_${task}`,
  verdict: (task: number) => `Verdict_${task}`,
  rounds: (task: number) => `Rounds_${task}`,
  speaker: (task: number, position: string) => `Speaker_${task}_${position}`,
  said: (task: number) => `Said_${task}`,
} as const

/** A piece of a crew's flow, and the node that holds what it comes to. */
export type Piece = { nodes: FlowNode[]; edges: FlowEdge[]; first: string; last: string }

export const node = (
  id: string,
  type: string,
  data: JsonObject = {},
  more: Partial<FlowNode> = {},
): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
  ...more,
})

export const edge = (source: string, target: string, handle = "out"): FlowEdge => ({
  id: `${source}.${handle}-${target}`,
  source,
  target,
  source_handle: handle,
})

const nameOf = (crew: CrewDefinition, position: string): string =>
  crew.members.find((one) => one.position === position)?.agent.name ?? position

/** A member at a piece of work. */
export const memberNode = (
  crew: CrewDefinition,
  id: string,
  data: Omit<MemberData, "agent_id">,
  more: Partial<FlowNode> = {},
): FlowNode => {
  const agent_id = crew.members.find((one) => one.position === data.position)?.agent.agent_id ?? ""
  return node(id, "agent", { agent_id, ...data } as JsonObject, {
    label: nameOf(crew, data.position),
    ...more,
  })
}

/** Times that a person may send one result back. */
const mostReturns = 10

/** One task done by a member: by itself, or again and again until a person accepts it. */
export function taskPiece(
  crew: CrewDefinition,
  task: CrewTask,
  index: number,
  position: string,
  context: string[],
): Piece {
  const data: Omit<MemberData, "agent_id"> = {
    position,
    task: task.description,
    expected_output: task.expected_output,
    context,
    guardrails: task.guardrails,
    ...(task.output_schema === undefined ? {} : { output_schema: task.output_schema }),
  }
  if (!task.needs_approval)
    return { nodes: [memberNode(crew, task.id, data)], edges: [], first: task.id, last: task.id }
  return reviewed(crew, task, index, data)
}

function reviewed(
  crew: CrewDefinition,
  task: CrewTask,
  index: number,
  data: Omit<MemberData, "agent_id">,
): Piece {
  const [until, work, review, verdict] = [
    names.until(index),
    names.work(index),
    names.review(index),
    names.verdict(index),
  ]
  const inside = { parent_id: until }
  const nodes = [
    node(
      until,
      "loop",
      { state: {}, until: "state.accepted", max_iterations: mostReturns },
      { label: task.id },
    ),
    memberNode(
      crew,
      work,
      {
        ...data,
        task: `${data.task}{{ state.words ? '\n\nYour last result was sent back. It was:\n' & $string(state.result) & '\n\nWhat was said of it: ' & state.words : '' }}`,
      },
      inside,
    ),
    node(review, "approval", question(task.id, work), inside),
    node(
      verdict,
      "transform",
      {
        value: `{"accepted": nodes.${review}.button = 'accept', "result": nodes.${work}, "words": nodes.${review}.form.words ? nodes.${review}.form.words : 'Please do it again.'}`,
      },
      inside,
    ),
    node(task.id, "transform", {
      value: `nodes.${until}.accepted ? nodes.${until}.result : $error('Nobody accepted a result of ${task.id} in ${mostReturns} rounds.')`,
    }),
  ]
  const edges = [
    edge(work, review),
    edge(review, verdict, "accept"),
    edge(review, verdict, "send_back"),
    edge(until, task.id),
  ]
  return { nodes, edges, first: until, last: task.id }
}

const question = (task: string, work: string): JsonObject => ({
  title: `Is the result of ${task} good?`,
  message: `{{ nodes.${work} }}`,
  buttons: [
    { id: "accept", label: "Accept" },
    { id: "send_back", label: "Send back" },
  ],
  form_schema: {
    type: "object",
    properties: { words: { type: "string", title: "What is to be changed", maxLength: 10_000 } },
  },
})

/** Pieces with their input and their result as one flow. */
export function whole(pieces: readonly Piece[], more: FlowEdge[], results: readonly string[]): FlowGraph {
  return {
    nodes: [
      node(names.input, "input"),
      ...pieces.flatMap((piece) => piece.nodes),
      node(names.result, "output"),
    ],
    edges: [
      ...pieces.flatMap((piece) => piece.edges),
      ...more,
      ...results.map((id) => edge(id, names.result)),
    ],
    settings: {},
  }
}

/** Edges that lead a piece's beginning from others, or from the input when there are none. */
export const after = (piece: Piece, before: readonly string[]): FlowEdge[] =>
  (before.length > 0 ? before : [names.input]).map((id) => edge(id, piece.first))
