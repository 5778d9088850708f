import { invitationsApi, membersApi } from "#core/contract/members"
import { originFor, settingsOf, type Env } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { invite } from "#worker/services/invitations/create"
import type { Way } from "#worker/services/invitations/link"
import { listInvitations } from "#worker/services/invitations/read"
import { resendInvitation } from "#worker/services/invitations/resend"
import { revokeInvitation } from "#worker/services/invitations/revoke"
import { postOf } from "#worker/services/mail/send"
import { changeMember, removeMember } from "#worker/services/members/change"
import { getMember, listMembers } from "#worker/services/members/read"
import { startReset } from "#worker/services/members/reset"

/** These answers hold a link that is shown only once. */
const once = { once: true } as const

const wayOf = (env: Env, url: URL): Way => ({
  origin: originFor(env, url),
  post: postOf(env),
  settings: settingsOf(env),
})

export const memberRoutes = routes(
  answer(membersApi.list, ({ ctx, query }) => listMembers(ctx, query)),
  answer(membersApi.add, ({ ctx, env, url, body }) => invite(ctx, wayOf(env, url), body), once),
  answer(membersApi.invite, ({ ctx, env, url, body }) => invite(ctx, wayOf(env, url), body), once),
  answer(membersApi.get, ({ ctx, params }) => getMember(ctx, params.user_id)),
  answer(membersApi.update, ({ ctx, params, body }) => changeMember(ctx, params.user_id, body)),
  answer(membersApi.remove, ({ ctx, params }) => removeMember(ctx, params.user_id)),
  answer(
    membersApi.reset,
    ({ ctx, env, url, params }) => startReset(ctx, wayOf(env, url), params.user_id),
    once,
  ),
  answer(invitationsApi.list, ({ ctx, query }) => listInvitations(ctx, query)),
  answer(
    invitationsApi.resend,
    ({ ctx, env, url, params }) => resendInvitation(ctx, wayOf(env, url), params.invitation_id),
    once,
  ),
  answer(invitationsApi.revoke, ({ ctx, params }) => revokeInvitation(ctx, params.invitation_id)),
)
