import { adminApi } from "./admin.ts"
import { agentsApi } from "./agents.ts"
import { apiKeysApi } from "./api-keys.ts"
import { approvalsApi } from "./approvals.ts"
import { auditApi } from "./audit.ts"
import { auditWebhookApi } from "./audit-webhook.ts"
import { authApi } from "./auth.ts"
import { budgetsApi } from "./budgets.ts"
import { canvasApi } from "./canvas.ts"
import { chatApi } from "./chat.ts"
import { credentialsApi } from "./credentials.ts"
import { crewsApi } from "./crews.ts"
import { debuggingApi } from "./debugging.ts"
import type { Endpoint } from "./endpoint.ts"
import { executionsApi } from "./executions.ts"
import { builderApi } from "./flow-builder.ts"
import { flowsApi } from "./flows.ts"
import { invitationsApi, membersApi } from "./members.ts"
import { providersApi } from "./llm-providers.ts"
import { aliasesApi } from "./model-aliases.ts"
import { privacyApi } from "./privacy.ts"
import { quotasApi } from "./quotas.ts"
import { reportsApi } from "./reports.ts"
import { reviewsApi } from "./reviews.ts"
import { secretsApi } from "./secrets.ts"
import { sharesApi } from "./shares.ts"
import { ssoApi } from "./sso.ts"
import { systemApi } from "./system.ts"
import { toolImportsApi } from "./tool-imports.ts"
import { toolsApi } from "./tools.ts"
import { formsApi, triggersApi } from "./triggers.ts"
import { tracesApi } from "./traces.ts"
import { workspaceApi } from "./workspace.ts"
import { widgetApi } from "./widget.ts"

/** The inventory of routes: the reference, the access matrix and the reachability test are all made from it. */
export const allEndpoints: readonly Endpoint[] = [
  authApi,
  apiKeysApi,
  membersApi,
  invitationsApi,
  ssoApi,
  providersApi,
  aliasesApi,
  budgetsApi,
  quotasApi,
  agentsApi,
  crewsApi,
  toolImportsApi,
  toolsApi,
  chatApi,
  widgetApi,
  credentialsApi,
  secretsApi,
  flowsApi,
  reviewsApi,
  sharesApi,
  builderApi,
  canvasApi,
  executionsApi,
  debuggingApi,
  approvalsApi,
  tracesApi,
  triggersApi,
  formsApi,
  workspaceApi,
  privacyApi,
  reportsApi,
  auditApi,
  auditWebhookApi,
  systemApi,
  adminApi,
].flatMap((noun): Endpoint[] => Object.values(noun))
