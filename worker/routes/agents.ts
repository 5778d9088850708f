import { agentsApi } from "#core/contract/agents"
import { originFor } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { createAgent } from "#worker/services/agents/create"
import {
  diffAgent,
  getAgent,
  getAgentVersion,
  listAgentExamples,
  listAgents,
  listAgentVersions,
} from "#worker/services/agents/read"
import { removeAgent, restoreAgent } from "#worker/services/agents/remove"
import { testAgent } from "#worker/services/agents/test"
import { rollbackAgent, updateAgent } from "#worker/services/agents/update"
import { forget, forgetAll, listMemories } from "#worker/services/memories/inspect"

export const agentRoutes = routes(
  answer(agentsApi.list, ({ ctx, query }) => listAgents(ctx, query)),
  answer(agentsApi.create, ({ ctx, body }) => createAgent(ctx, body)),
  answer(agentsApi.examples, async ({ ctx }) => listAgentExamples(ctx)),
  answer(agentsApi.get, ({ ctx, params }) => getAgent(ctx, params.agent_id)),
  answer(agentsApi.update, ({ ctx, params, body, ifMatch }) =>
    updateAgent(ctx, params.agent_id, ifMatch, body),
  ),
  answer(agentsApi.remove, ({ ctx, params }) => removeAgent(ctx, params.agent_id)),
  answer(agentsApi.restore, ({ ctx, params }) => restoreAgent(ctx, params.agent_id)),
  answer(agentsApi.versions, ({ ctx, params }) => listAgentVersions(ctx, params.agent_id)),
  answer(agentsApi.version, ({ ctx, params }) => getAgentVersion(ctx, params.agent_id, params.version)),
  answer(agentsApi.diff, ({ ctx, params, query }) => diffAgent(ctx, params.agent_id, query.from, query.to)),
  answer(agentsApi.rollback, ({ ctx, params, body, ifMatch }) =>
    rollbackAgent(ctx, params.agent_id, ifMatch, body.version),
  ),
  answer(agentsApi.test, ({ ctx, env, url, params, body }) =>
    testAgent(env, ctx, params.agent_id, body, { origin: originFor(env, url) }),
  ),
  answer(agentsApi.memories, ({ ctx, params, query }) => listMemories(ctx, params.agent_id, query)),
  answer(agentsApi.forget, ({ ctx, params }) => forget(ctx, params.agent_id, params.memory_id)),
  answer(agentsApi.forgetAll, ({ ctx, params }) => forgetAll(ctx, params.agent_id)),
)
