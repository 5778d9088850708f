import { systemApi } from "#core/contract/system"
import type { ReplyOf } from "#core/contract/endpoint"
import { answer, routes } from "#worker/http/answer"
import { openapi } from "#worker/http/openapi"
import { health } from "#worker/services/system/health"

export const systemRoutes = routes(
  answer(systemApi.health, ({ ctx }) => health(ctx)),
  answer(systemApi.openapi, async () => openapi() as ReplyOf<typeof systemApi.openapi>),
)
