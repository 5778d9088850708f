import type { ChatPorts } from "#durable/chat/ports"
import * as chats from "#worker/db/chats"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { mayStay } from "#worker/services/auth/may-stay"
import { beginAnswer } from "#worker/services/chat/begin"
import { cancelAnswer, eventsOf } from "#worker/services/chat/listen"

/** What a Chat object is given: executions to begin, to listen to and to cancel, and its tenant's index. */
export const chatPorts = (env: Env): ChatPorts => ({
  begin: (tenant, wanted) => beginAnswer(env, tenant, wanted),
  events: (tenant, execution, after) => eventsOf(env, tenant, execution, after),
  cancel: (tenant, execution, actor) => cancelAnswer(env, tenant, execution, actor),
  record: async ({ slot }, { session, messages }) =>
    chats.upsert((await tenantDb(env, slot)).$client, session, messages),
  mayStay: (tenant, passes) => mayStay(env, tenant, passes),
  now: () => Date.now(),
})
