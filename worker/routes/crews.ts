import { crewsApi } from "#core/contract/crews"
import { originFor } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { createCrew } from "#worker/services/crews/create"
import { exportCrew } from "#worker/services/crews/export"
import { importCrew } from "#worker/services/crews/import"
import {
  diffCrew,
  getCrew,
  getCrewVersion,
  listCrewExamples,
  listCrews,
  listCrewVersions,
} from "#worker/services/crews/read"
import { removeCrew, restoreCrew } from "#worker/services/crews/remove"
import { testCrew } from "#worker/services/crews/test"
import { rollbackCrew, updateCrew } from "#worker/services/crews/update"
import { useCrewExample } from "#worker/services/crews/use-example"
import { forget, forgetAll, listMemories } from "#worker/services/memories/inspect"

export const crewRoutes = routes(
  answer(crewsApi.list, ({ ctx, query }) => listCrews(ctx, query)),
  answer(crewsApi.create, ({ ctx, body }) => createCrew(ctx, body)),
  answer(crewsApi.examples, async ({ ctx }) => listCrewExamples(ctx)),
  answer(crewsApi.useExample, ({ ctx, params }) => useCrewExample(ctx, params.example_id)),
  answer(crewsApi.import, ({ ctx, body }) => importCrew(ctx, body)),
  answer(crewsApi.get, ({ ctx, params }) => getCrew(ctx, params.crew_id)),
  answer(crewsApi.update, ({ ctx, params, body, ifMatch }) => updateCrew(ctx, params.crew_id, ifMatch, body)),
  answer(crewsApi.remove, ({ ctx, params }) => removeCrew(ctx, params.crew_id)),
  answer(crewsApi.restore, ({ ctx, params }) => restoreCrew(ctx, params.crew_id)),
  answer(crewsApi.versions, ({ ctx, params }) => listCrewVersions(ctx, params.crew_id)),
  answer(crewsApi.version, ({ ctx, params }) => getCrewVersion(ctx, params.crew_id, params.version)),
  answer(crewsApi.diff, ({ ctx, params, query }) => diffCrew(ctx, params.crew_id, query.from, query.to)),
  answer(crewsApi.rollback, ({ ctx, params, body, ifMatch }) =>
    rollbackCrew(ctx, params.crew_id, ifMatch, body.version),
  ),
  answer(crewsApi.test, ({ ctx, env, url, params, body }) =>
    testCrew(env, ctx, params.crew_id, body, { origin: originFor(env, url) }),
  ),
  answer(crewsApi.export, ({ ctx, params }) => exportCrew(ctx, params.crew_id)),
  answer(crewsApi.memories, ({ ctx, params, query }) => listMemories(ctx, params.crew_id, query)),
  answer(crewsApi.forget, ({ ctx, params }) => forget(ctx, params.crew_id, params.memory_id)),
  answer(crewsApi.forgetAll, ({ ctx, params }) => forgetAll(ctx, params.crew_id)),
)
