import { and, eq, lte, sql } from "drizzle-orm"
import type { Db } from "./commit.ts"
import { agentCalls } from "./schema/agent-calls.ts"

const minuteMs = 60_000

/**
 * Takes an agent's next place, so that no minute holds more than `perMinute`, and answers when that is. One statement decides, so
 * two lanes at once get two places. Done at once, for it is no verb: places of the past go with the next one.
 */
export async function take(db: Db, agentId: string, perMinute: number, now: number): Promise<number> {
  const [, taken] = await db.batch([
    db.delete(agentCalls).where(and(eq(agentCalls.agent_id, agentId), lte(agentCalls.at, now - minuteMs))),
    db
      .insert(agentCalls)
      .values({
        agent_id: agentId,
        at: sql`max(${now}, coalesce((
          select at from agent_calls where agent_id = ${agentId} order by at desc limit 1 offset ${perMinute - 1}
        ) + ${minuteMs}, ${now}))`,
      })
      .returning({ at: agentCalls.at }),
  ])
  return taken[0]?.at ?? now
}
