import { Hono } from "hono"
import { Failure } from "#core/errors"
import { newRequestId } from "./http/answer.ts"
import { drain } from "./http/body.ts"
import { preflight } from "./http/cross-origin.ts"
import { failureOf, problemResponse } from "./http/failure.ts"
import { secured } from "./http/headers.ts"
import { mount, type AppEnv } from "./http/mount.ts"
import { servePage } from "./http/pages.ts"
import { adminRoutes } from "./routes/admin.ts"
import { agentRoutes } from "./routes/agents.ts"
import { approvalRoutes } from "./routes/approvals.ts"
import { auditRoutes } from "./routes/audit.ts"
import { authRoutes } from "./routes/auth.ts"
import { executionRoutes } from "./routes/executions.ts"
import { apiKeyRoutes } from "./routes/api-keys.ts"
import { budgetRoutes } from "./routes/budgets.ts"
import { canvasRoutes } from "./routes/canvas.ts"
import { chatRoutes, widgetRoutes } from "./routes/chat.ts"
import { credentialRoutes } from "./routes/credentials.ts"
import { crewRoutes } from "./routes/crews.ts"
import { debuggingRoutes } from "./routes/debugging.ts"
import { builderRoutes } from "./routes/flow-builder.ts"
import { flowRoutes } from "./routes/flows.ts"
import { formRoutes } from "./routes/forms.ts"
import { hook } from "./routes/hooks.ts"
import { memberRoutes } from "./routes/members.ts"
import { aliasRoutes } from "./routes/model-aliases.ts"
import { providerRoutes } from "./routes/llm-providers.ts"
import { privacyRoutes } from "./routes/privacy.ts"
import { quotaRoutes } from "./routes/quotas.ts"
import { reportRoutes } from "./routes/reports.ts"
import { reviewRoutes } from "./routes/reviews.ts"
import { shareRoutes } from "./routes/shares.ts"
import { secretRoutes } from "./routes/secrets.ts"
import { completions, model, models, nowhere } from "./routes/openai.ts"
import { setup } from "./routes/setup.ts"
import { ssoRoutes } from "./routes/sso.ts"
import { systemRoutes } from "./routes/system.ts"
import { toolRoutes } from "./routes/tools.ts"
import { triggerRoutes } from "./routes/triggers.ts"
import { traceRoutes } from "./routes/traces.ts"
import { workspaceRoutes } from "./routes/workspace.ts"

/** The whole of the Worker's HTTP: the API by its contracts, the installer's door, and the pages. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>()

  app.use(async (c, next) => {
    const [requestId, url] = [newRequestId(), new URL(c.req.url)]
    c.set("requestId", requestId)
    c.set("url", url)
    await next()
    if (c.res.status >= 400) await drain(c.req.raw)
    // Assigning copies the response, so only one that could not be changed in place is assigned.
    const answer = secured(c.res, url, requestId)
    if (answer !== c.res) c.res = answer
  })
  app.onError((error, c) => {
    const requestId = c.get("requestId")
    return problemResponse(failureOf(error, requestId), requestId)
  })

  app.options("/api/v1/widget/*", preflight)
  mount(app, [
    ...systemRoutes,
    ...authRoutes,
    ...apiKeyRoutes,
    ...memberRoutes,
    ...ssoRoutes,
    ...providerRoutes,
    ...aliasRoutes,
    ...budgetRoutes,
    ...quotaRoutes,
    ...credentialRoutes,
    ...secretRoutes,
    ...toolRoutes,
    ...agentRoutes,
    ...crewRoutes,
    ...flowRoutes,
    ...reviewRoutes,
    ...shareRoutes,
    ...workspaceRoutes,
    ...privacyRoutes,
    ...reportRoutes,
    ...builderRoutes,
    ...canvasRoutes,
    // Before the routes that take any execution's id: `/executions/export` is none.
    ...debuggingRoutes,
    ...executionRoutes,
    ...chatRoutes,
    ...widgetRoutes,
    ...triggerRoutes,
    ...formRoutes,
    ...approvalRoutes,
    ...traceRoutes,
    ...adminRoutes,
    ...auditRoutes,
  ])
  app.post("/internal/setup", setup)
  app.all("/hooks/:slug/:token", hook)
  app.post("/v1/chat/completions", completions)
  app.get("/v1/models", models)
  app.get("/v1/models/*", model)
  app.all("/v1/*", nowhere)

  app.all("/api/*", () => {
    throw new Failure("route.not_found")
  })
  app.all("/internal/*", () => {
    throw new Failure("route.not_found")
  })
  app.all("/hooks/*", () => {
    throw new Failure("hook.not_found")
  })
  app.get("*", servePage)
  app.all("*", () => {
    throw new Failure("route.method", { more: { allow: ["GET", "HEAD"] } })
  })
  return app
}
