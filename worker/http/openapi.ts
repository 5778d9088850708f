import type { systemApi } from "#core/contract/system"
import type { ReplyOf } from "#core/contract/endpoint"

export const openapi = (): ReplyOf<typeof systemApi.openapi> => ({ openapi: "3.1.0" })
