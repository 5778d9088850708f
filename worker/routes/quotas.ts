import { quotasApi } from "#core/contract/quotas"
import { answer, routes } from "#worker/http/answer"
import { listQuotas } from "#worker/services/quotas/read"

export const quotaRoutes = routes(answer(quotasApi.list, ({ ctx, env }) => listQuotas(env, ctx)))
