import type { FlowGraph } from "#core/flow/graph"
import type { CrewDefinition, CrewTask } from "../crew.ts"
import { after, edge, memberNode, names, node, taskPiece, whole, type Piece } from "./parts.ts"
import { contextOf } from "./sequential.ts"

/**
 * Rounds in which everybody speaks, each having heard the rounds before; then the judge decides. Several tasks are debated one
 * after another.
 */
export function debate(crew: CrewDefinition): FlowGraph {
  const { tasks } = crew
  const pieces = tasks.map((task, i) => debated(crew, task, i, contextOf(task, tasks[i - 1])))
  const edges = pieces.flatMap((piece, i) => after(piece, i > 0 ? [pieces[i - 1]!.last] : []))
  return whole(
    pieces,
    edges,
    pieces.slice(-1).map((piece) => piece.last),
  )
}

function debated(crew: CrewDefinition, task: CrewTask, index: number, context: string[]): Piece {
  const judge = crew.config.judge ?? ""
  const speakers = crew.members.map((one) => one.position).filter((position) => position !== judge)
  const rounds = names.rounds(index)
  const said = names.said(index)
  const inside = { parent_id: rounds }
  const ids = speakers.map((position) => names.speaker(index, position))
  const turns = speakers.map((position, i) =>
    memberNode(
      crew,
      ids[i]!,
      {
        position,
        task: `${task.description}\n\nThis is round {{ index + 1 }} of a debate of ${crew.config.rounds} rounds. You speak as ${position}: say what you think and why, and answer what the others said.{{ state.transcript ? '\n\nWhat was said so far:\n' & state.transcript : '' }}`,
        context,
      },
      inside,
    ),
  )
  const lines = speakers.map((position, i) => `'\n\n${position}: ' & $string(nodes.${ids[i]!})`).join(" & ")
  const transcript = `{"transcript": state.transcript & '\n\nRound ' & $string(index + 1) & ':' & ${lines}}`
  const verdict = taskPiece(
    crew,
    {
      ...task,
      description: `${task.description}\n\nThe others have debated this. Weigh what they said and decide. What was said:\n{{ nodes.${rounds}.transcript }}`,
    },
    index,
    judge,
    context,
  )
  return {
    nodes: [
      node(
        rounds,
        "loop",
        { state: { transcript: "" }, max_iterations: crew.config.rounds },
        { label: `${task.id}: debate` },
      ),
      ...turns,
      node(said, "transform", { value: transcript }, inside),
      ...verdict.nodes,
    ],
    edges: [...ids.map((id) => edge(id, said)), edge(rounds, verdict.first), ...verdict.edges],
    first: rounds,
    last: verdict.last,
  }
}
