import { and, eq, isNull, sql } from "drizzle-orm"
import type { FlowId, ToolId } from "#core/ids"
import type { Db } from "./commit.ts"
import { agents } from "./schema/agents.ts"
import { crews } from "./schema/crews.ts"
import { flow_versions, flows } from "./schema/flows.ts"
import { tools } from "./schema/tools.ts"
import { visible } from "./shares.ts"

const most = 100

/**
 * Who has a tool and is not deleted, by name; a hundred of each at most: agents, crews that give it to a member, flows that name it
 * in their draft or in what is published.
 */
export async function usersOfTool(db: Db, id: ToolId) {
  const [ofAgents, ofCrews, ofFlows] = await db.batch([
    db
      .select({ id: agents.id, name: agents.name })
      .from(agents)
      .where(
        and(isNull(agents.deleted_at), visible(db, agents.id), sql`instr(${agents.definition}, ${id}) > 0`),
      )
      .orderBy(sql`${agents.name} collate nocase`, agents.id)
      .limit(most),
    db
      .select({ id: crews.id, name: crews.name })
      .from(crews)
      .where(and(isNull(crews.deleted_at), visible(db, crews.id), sql`instr(${crews.definition}, ${id}) > 0`))
      .orderBy(sql`${crews.name} collate nocase`, crews.id)
      .limit(most),
    db
      .select({ id: flows.id, name: flows.name })
      .from(flows)
      .leftJoin(
        flow_versions,
        and(eq(flow_versions.flow_id, flows.id), eq(flow_versions.version, flows.published_version)),
      )
      .where(
        and(
          isNull(flows.deleted_at),
          visible(db, flows.id),
          sql`(instr(${flows.graph}, ${id}) > 0 or instr(${flow_versions.graph}, ${id}) > 0)`,
        ),
      )
      .orderBy(sql`${flows.name} collate nocase`, flows.id)
      .limit(most),
  ])
  return { agents: ofAgents, crews: ofCrews, flows: ofFlows }
}

/** Tools that are not deleted and are calls of the flow, by name; a hundred at most. */
export const toolsOfFlow = (db: Db, id: FlowId) =>
  db
    .select({ id: tools.id, name: tools.name })
    .from(tools)
    .where(
      and(
        isNull(tools.deleted_at),
        sql`json_extract(${tools.definition}, '$.kind') = 'flow'`,
        sql`json_extract(${tools.definition}, '$.execution_config.flow_id') = ${id}`,
      ),
    )
    .orderBy(sql`${tools.name} collate nocase`, tools.id)
    .limit(most)
