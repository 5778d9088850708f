import type { authApi } from "#core/contract/auth"
import type { ReplyOf } from "#core/contract/endpoint"

/** What an invitation is for, as its link shows it. */
export type Invited = ReplyOf<typeof authApi.invitation>
