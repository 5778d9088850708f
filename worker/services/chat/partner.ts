import type { BodyOf } from "#core/contract/endpoint"
import type { chatApi, ChatSession } from "#core/contract/chat"
import { Failure, found } from "#core/errors"
import type { AgentId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import { usableIn } from "#worker/db/shares"

type Chosen = Pick<BodyOf<typeof chatApi.create>, "agent_id" | "crew_id" | "flow_id">

/** Whom a chat is with, by name. */
export async function partnerOf(ctx: Ctx, { agent_id, crew_id, flow_id }: Chosen): Promise<string> {
  const chosen = [agent_id, crew_id, flow_id].filter((id) => id !== undefined)
  if (chosen.length !== 1) throw new Failure("chat.no_partner")
  const db = usableIn(ctx.db)
  if (agent_id) return found(await agents.byId(db, agent_id), "agent.not_found").name
  if (crew_id) return found(await crews.byId(db, crew_id), "crew.not_found").name
  return found(await flows.byId(db, flow_id!), "flow.not_found").name
}

/** Only whom the chat is with, or who belongs to them, may be spoken to alone. */
export async function assertMember(ctx: Ctx, session: ChatSession, agent: AgentId): Promise<void> {
  if (session.agent_id === agent) return
  const crew = session.crew_id === null ? undefined : await crews.byId(ctx.db, session.crew_id)
  if (!crew?.agent_ids.includes(agent)) throw new Failure("chat.not_a_member")
}
