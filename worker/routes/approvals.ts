import { approvalsApi } from "#core/contract/approvals"
import { originFor } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { answerApproval, answerByLink } from "#worker/services/approvals/answer"
import { getByLink } from "#worker/services/approvals/by-link"
import { makeLink } from "#worker/services/approvals/link"
import { getApproval, listApprovals } from "#worker/services/approvals/read"
import { callbackAddress, takeCallback } from "#worker/services/executions/callback"

export const approvalRoutes = routes(
  answer(approvalsApi.list, ({ ctx, query }) => listApprovals(ctx, query)),
  answer(approvalsApi.get, ({ ctx, env, params }) =>
    getApproval(env, ctx, params.execution_id, params.approval_id),
  ),
  answer(approvalsApi.answer, ({ ctx, env, params, body }) =>
    answerApproval(env, ctx, params.execution_id, params.approval_id, body),
  ),
  answer(
    approvalsApi.link,
    ({ ctx, env, url, params, body }) =>
      makeLink(env, ctx, originFor(env, url), params.execution_id, params.approval_id, body),
    { once: true },
  ),
  answer(approvalsApi.byLink, ({ ctx, env, params }) => getByLink(env, ctx, params.token)),
  answer(approvalsApi.answerByLink, ({ ctx, env, params, body }) =>
    answerByLink(env, ctx, params.token, body),
  ),
  answer(approvalsApi.callbackAddress, ({ ctx, env, url, params, query }) =>
    callbackAddress(env, ctx, originFor(env, url), params.execution_id, query.step),
  ),
  answer(approvalsApi.callback, ({ ctx, env, params, body }) =>
    takeCallback(env, ctx, params.execution_id, params.token, body),
  ),
)
