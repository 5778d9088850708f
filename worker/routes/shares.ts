import { sharesApi } from "#core/contract/shares"
import { answer, routes } from "#worker/http/answer"
import { readShares } from "#worker/services/shares/read"
import { share } from "#worker/services/shares/share"

export const shareRoutes = routes(
  answer(sharesApi.flow, ({ ctx, params }) => readShares(ctx, params.flow_id)),
  answer(sharesApi.shareFlow, ({ ctx, params, body, ifMatch }) => share(ctx, params.flow_id, ifMatch, body)),
  answer(sharesApi.crew, ({ ctx, params }) => readShares(ctx, params.crew_id)),
  answer(sharesApi.shareCrew, ({ ctx, params, body, ifMatch }) => share(ctx, params.crew_id, ifMatch, body)),
  answer(sharesApi.agent, ({ ctx, params }) => readShares(ctx, params.agent_id)),
  answer(sharesApi.shareAgent, ({ ctx, params, body, ifMatch }) =>
    share(ctx, params.agent_id, ifMatch, body),
  ),
)
