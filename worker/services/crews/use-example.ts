import type { Crew } from "#core/contract/crews"
import { agentExamples } from "#core/agent/examples"
import type { CrewDraft } from "#core/crew/crew"
import { crewExamples, type CrewExample } from "#core/crew/examples"
import { Failure, found } from "#core/errors"
import type { Finding } from "#core/flow/graph"
import type { AgentId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { commit, type Statement } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import { creation, newAgentRow } from "#worker/services/agents/shape"
import { findingsOf } from "./references.ts"
import { crewOf, factsOf, newCrewRow, versionRow } from "./shape.ts"

/** Creates an example crew. Agents that are here just as the example has them join it; the others are created with it. */
export async function useCrewExample(ctx: Ctx, id: string): Promise<{ crew: Crew; findings: Finding[] }> {
  allow(ctx.actor, "agent.edit")
  const example = crewExamples.find((one) => one.id === id)
  if (!example) throw new Failure("crew.not_found", { detail: "There is no such example." })
  const { statements, rows } = await membersOf(ctx, example)
  const draft = draftOf(example, rows)
  const row = newCrewRow(ctx, draft)
  const known = new Map([...rows.values()].map((agent) => [agent.id, agent]))
  const [first, ...rest] = [
    ...statements,
    crews.insert(row),
    crews.insertVersion(versionRow(row, ctx)),
    audit(ctx, "crew.create", { target: row.id, after: { ...factsOf(row), example: id } }),
  ]
  return commit(ctx, { crew: crewOf(row), findings: findingsOf(draft, known) }, first, ...rest)
}

type Members = { statements: Statement[]; rows: Map<string, agents.AgentRow> }

async function membersOf(ctx: Ctx, { members }: CrewExample): Promise<Members> {
  const wanted = [...new Set(members.map((one) => one.example))]
  const rows = new Map<string, agents.AgentRow>()
  const statements: Statement[] = []
  for (const name of wanted) {
    const { agent } = found(
      agentExamples.find((one) => one.id === name),
      "internal",
    )
    const known = await agents.sameAs(ctx.db, agent)
    const row = known ?? newAgentRow(ctx, agent)
    if (!known) statements.push(...creation(ctx, row))
    rows.set(name, row)
  }
  return { statements, rows }
}

const draftOf = ({ crew, members }: CrewExample, rows: ReadonlyMap<string, { id: AgentId }>): CrewDraft => ({
  ...crew,
  agents: members.map(({ example, position, goal }) => ({
    agent_id: rows.get(example)!.id,
    position,
    ...(goal === undefined ? {} : { overrides: { goal } }),
  })),
})
