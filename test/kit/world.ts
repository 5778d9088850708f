import { allEndpoints } from "#core/contract/all"
import { approvalsApi } from "#core/contract/approvals"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { budgetsApi } from "#core/contract/budgets"
import { credentialsApi } from "#core/contract/credentials"
import type { BodyIn, Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { chatApi } from "#core/contract/chat"
import { aliasesApi } from "#core/contract/model-aliases"
import { FlowId } from "#core/ids"
import { triggersApi } from "#core/contract/triggers"
import { leaveFile } from "./artifacts.ts"
import { ask, call, type Ask } from "./api.ts"
import { askingDraft, waitingDraft } from "./asking.ts"
import { keepSpans, spanDraft } from "./spans.ts"
import { password, unique, type TestTenant } from "./tenants.ts"
import { crewBodies, crewQueries, newCrewWorld, nobody, type CrewWorld } from "./world-crews.ts"
import { newPeopleWorld, nobodyInvited, peopleBodies, type PeopleWorld } from "./world-people.ts"
import { adminBodies, newAdminWorld, noAdmin, type AdminWorld } from "./world-admin.ts"
import { auditBodies, newAuditWorld, noAudit, type AuditWorld } from "./world-audit.ts"
import { newPrivacyWorld, noPrivacy, privacyBodies, type PrivacyWorld } from "./world-privacy.ts"
import { canvasBodies, newCanvasWorld, noCanvas, type CanvasWorld } from "./world-canvas.ts"

/** A flow that ends at once: input, transform, output. */
export const flowDraft = (name = unique("flow")): BodyIn<typeof flowsApi.create> => ({
  name,
  description: "Greets",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    { id: "greet", type: "transform", position: { x: 280, y: 0 }, data: { value: "'Hello ' & input.name" } },
    { id: "output", type: "output", position: { x: 560, y: 0 }, data: { value: "{{ nodes.greet }}" } },
  ],
  edges: [
    { id: "a", source: "input", target: "greet" },
    { id: "b", source: "greet", target: "output" },
  ],
  input_schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
})

/** Executes a flow that asks, and waits for the question. */
export async function newQuestion(token: string, draft = askingDraft(), inputs: object = { sum: 7 }) {
  const { flow } = await call(flowsApi.create, { token, body: draft })
  const { execution_id } = (
    await ask(executionsApi.execute, { token, params: { flow_id: flow.id }, body: { inputs } })
  ).body
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const { nodes } = await call(executionsApi.get, { token, params: { execution_id } })
    const approval_id = nodes.find((one) => one.waiting_for === "approval")?.approval_id
    if (approval_id) return { flow_id: flow.id, execution_id, approval_id }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error("the question was not asked in time")
}

/** An execution when it has ended. */
export async function endOf(token: string, execution_id: string) {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const { execution } = await call(executionsApi.get, { token, params: { execution_id } })
    if (execution.finished_at) return execution
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error("the execution did not end in time")
}

export const providerDraft = (name = unique("provider")): BodyIn<typeof providersApi.create> => ({
  name,
  provider_type: "openai_compatible",
  config: { base_url: "https://models.example.com/v1", default_model: "small" },
  api_credentials: { api_key: "sk-test-0123456789abcdef" },
})

export const aliasDraft = (
  llm_provider_id: string,
  name = unique("alias"),
): BodyIn<typeof aliasesApi.create> => ({ name, targets: [{ llm_provider_id, model: "small" }] })

/** One that holds nobody back. */
export const budgetDraft = (name = unique("budget")): BodyIn<typeof budgetsApi.create> => ({
  name,
  scope: "tenant",
  limit_micros: 100_000_000,
  mode: "soft",
})

export const credentialDraft = (name = unique("credential")): BodyIn<typeof credentialsApi.create> => ({
  name,
  kind: "bearer",
  secret: "shop-token-0123456789abcdef",
  allowed_hosts: ["api.example.com"],
})

/** A webhook that takes its body for the flow's inputs. */
export const webhookDraft = (flow_id: string, name = unique("webhook")) =>
  ({
    kind: "webhook",
    flow_id: flow_id,
    name,
    config: { inputs: "body" },
  }) as const satisfies BodyIn<typeof triggersApi.create>

/** Waits until the index knows how an execution ended. */
export async function indexed(token: string, id: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const { executions } = await call(executionsApi.list, { token, query: { search: id } })
    if (executions[0]?.finished_at || executions[0]?.status === "waiting") return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${id} came to no rest in time`)
}

/** A chat that somebody has shared, with one answer. */
async function newChat(token: string, flow_id: string) {
  const { session } = await call(chatApi.create, { token, body: { flow_id: FlowId.parse(flow_id) } })
  const params = { chat_id: session.id }
  await call(chatApi.send, { token, params, body: { content: "Ana" } })
  const shared = await call(chatApi.share, { token, params })
  const share_token = shared.session.share_url?.split("/").at(-1) ?? ""
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const [answer] = (await call(chatApi.messages, { token, params })).messages
    if (answer?.finished_at) return { chat_id: session.id, message_id: answer.id, share_token }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error("the message was not answered in time")
}

/** One of everything that a tenant owns, by the names of the contracts' parameters. */
export type World = Record<
  | "flow_id"
  | "execution_id"
  | "span_id"
  /** A file that a step of the execution left behind. */
  | "step"
  | "file"
  /** An execution that asks something, and its question. */
  | "asking_id"
  | "approval_id"
  /** Of a signed link to that question. */
  | "token"
  | "chat_id"
  /** An answer in that chat. */
  | "message_id"
  /** The end of a shared chat's address. */
  | "share_token"
  /** The end of a hosted form's address. */
  | "form_token"
  | "trigger_id"
  | "delivery_id"
  | "provider_id"
  | "alias_id"
  | "budget_id"
  | "credential_id"
  | "key_id"
  | "session_id",
  string
> &
  AdminWorld &
  PeopleWorld &
  CrewWorld &
  AuditWorld &
  CanvasWorld &
  PrivacyWorld & {
    version: string
  }

export async function newWorld(tenant: TestTenant): Promise<World> {
  const { token } = tenant
  const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
  await call(flowsApi.publish, { token, params: { flow_id: flow.id } })
  const { llm_provider } = await call(providersApi.create, { token, body: providerDraft() })
  const { model_alias } = await call(aliasesApi.create, { token, body: aliasDraft(llm_provider.id) })
  const { budget } = await call(budgetsApi.create, { token, body: budgetDraft() })
  const { credential } = await call(credentialsApi.create, { token, body: credentialDraft() })
  const { api_key } = await call(apiKeysApi.create, { token, body: { name: "one", scopes: ["flow.read"] } })
  const execution = await ask(executionsApi.execute, {
    token,
    params: { flow_id: flow.id },
    body: { inputs: { name: "Ana" } },
    headers: { prefer: "wait=10" },
  })
  const question = await newQuestion(token, waitingDraft())
  const { url } = await call(approvalsApi.link, {
    token,
    params: { execution_id: question.execution_id, approval_id: question.approval_id },
    body: {},
  })
  const { trigger } = await call(triggersApi.create, { token, body: webhookDraft(flow.id) })
  const form = { kind: "form", flow_id: flow.id, name: unique("form") } as const
  const hosted = await call(triggersApi.create, { token, body: form })
  const { delivery } = await call(triggersApi.test, {
    token,
    params: { trigger_id: trigger.id },
    body: { body: { name: "Ana" } },
  })
  await indexed(token, delivery.execution_id ?? "")
  await indexed(token, question.execution_id)
  const span = spanDraft(execution.body.execution_id)
  await keepSpans(tenant.id, [span])
  const { step, file } = await leaveFile(tenant.id, execution.body.execution_id, "sums.csv", "a,b")
  const chat = await newChat(token, flow.id)
  const { sessions } = await call(authApi.sessions, { token })
  return {
    flow_id: flow.id,
    execution_id: execution.body.execution_id,
    span_id: span.id,
    step,
    file,
    asking_id: question.execution_id,
    approval_id: question.approval_id,
    token: url.slice(url.lastIndexOf("/") + 1),
    ...chat,
    form_token: hosted.trigger.address?.replace("/form/", "") ?? "",
    trigger_id: trigger.id,
    delivery_id: delivery.id,
    provider_id: llm_provider.id,
    alias_id: model_alias.id,
    budget_id: budget.id,
    credential_id: credential.id,
    key_id: api_key.id,
    session_id: sessions[0]!.id,
    ...newAdminWorld(tenant),
    ...(await newPeopleWorld(tenant)),
    ...(await newCrewWorld(token)),
    ...(await newCanvasWorld(token, flow.id)),
    ...(await newAuditWorld(token)),
    ...(await newPrivacyWorld(token)),
    version: "1",
  }
}

const ulid = "01JD0000000000000000000000"

/** Well-formed ids that name nothing. */
export const nowhere: World = {
  flow_id: `flow_${ulid}`,
  execution_id: `exec_00${ulid}`,
  span_id: "0123456789abcdef",
  step: "A".repeat(16),
  file: "A".repeat(16),
  asking_id: `exec_00${ulid}`,
  approval_id: `appr_${ulid}`,
  token: "a-token-that-is-none-of-ours",
  chat_id: `chat_${ulid}`,
  message_id: `msg_${ulid}`,
  share_token: "a-token-that-is-none-of-ours",
  form_token: "acme.a-token-that-is-none-of-ours",
  trigger_id: `trig_${ulid}`,
  delivery_id: `dlv_${ulid}`,
  provider_id: `provider_${ulid}`,
  alias_id: `alias_${ulid}`,
  budget_id: `budget_${ulid}`,
  credential_id: `cred_${ulid}`,
  key_id: `key_${ulid}`,
  session_id: `session_${ulid}`,
  ...noAdmin,
  ...nobodyInvited,
  ...nobody,
  ...noCanvas,
  ...noAudit,
  ...noPrivacy,
  version: "1",
}

/** A whole and right request body for each route that takes one. A route that is missing here fails the tests that ask all. */
const bodies: Record<string, (world: World) => unknown> = {
  ...canvasBodies,
  "POST /flows/:flow_id/reviews": () => ({ note: "Please look" }),
  "POST /flows/:flow_id/reviews/:review_id": () => ({ answer: "approve" }),
  "PATCH /workspace/settings": () => ({ review_before_publish: false }),
  "POST /workspace/delete": () => ({ confirm: "nothing of the kind" }),
  ...adminBodies,
  ...auditBodies,
  ...privacyBodies,
  "POST /auth/register": () => ({
    email: `${unique("somebody")}@example.com`,
    password,
    tenant_name: "Somebody",
    tenant_slug: unique("somebody"),
  }),
  "POST /auth/login": () => ({ email: "nobody@example.com", password }),
  "POST /auth/refresh": () => ({ refresh_token: `ecr_${"A".repeat(43)}` }),
  "POST /auth/switch": () => ({ tenant_id: `tenant_${ulid}` }),
  "PATCH /auth/me": () => ({ name: "Ana", preferences: { theme: "dark" } }),
  "POST /auth/password": () => ({ current_password: "not the one", new_password: "another-kite-88-sky" }),
  ...peopleBodies,
  "POST /tickets": () => ({ resource: `/api/v1/executions/${nowhere.execution_id}/stream` }),
  "POST /api-keys": () => ({ name: unique("key"), scopes: ["flow.read"] }),
  "POST /llm-providers": () => providerDraft(),
  "PUT /llm-providers/:provider_id": () => providerDraft(),
  "POST /model-aliases": ({ provider_id }) => aliasDraft(provider_id),
  "PUT /model-aliases/:alias_id": ({ provider_id }) => aliasDraft(provider_id),
  "POST /budgets": () => budgetDraft(),
  "PUT /budgets/:budget_id": () => budgetDraft(),
  "POST /credentials": () => credentialDraft(),
  "PUT /credentials/:credential_id": () => credentialDraft(),
  ...crewBodies,
  "POST /chat/sessions": ({ flow_id }) => ({ flow_id }),
  "PATCH /chat/sessions/:chat_id": () => ({ title: "Renamed" }),
  "POST /chat/sessions/:chat_id/messages": () => ({ content: "Ana" }),
  "POST /chat/sessions/:chat_id/messages/:message_id/edit": () => ({ content: "Ben" }),
  "PUT /chat/sessions/:chat_id/messages/:message_id/feedback": () => ({ feedback: "up" }),
  "POST /widget/sessions": () => ({}),
  "POST /widget/messages": () => ({ content: "Ana" }),
  "POST /flows": () => flowDraft(),
  "POST /flows/import": () => ({
    content: { format: "edgecrew.flow", format_version: 1, flow: { name: unique("imported") } },
  }),
  "POST /flows/import/preview": () => ({
    content: { nodes: [{ name: "a", type: "noOp" }], connections: {} },
  }),
  "PUT /flows/:flow_id": () => flowDraft(),
  "POST /flows/:flow_id/publish": () => ({ note: "Second" }),
  "POST /flows/:flow_id/rollback": () => ({ version: 1 }),
  "POST /flows/:flow_id/propose": () => ({ message: "Add a note saying hello" }),
  "POST /triggers": ({ flow_id }) => webhookDraft(flow_id),
  "PUT /triggers/:trigger_id": ({ flow_id }) => webhookDraft(flow_id),
  "POST /triggers/preview-schedule": () => ({ cron: "0 9 * * 1-5", time_zone: "Europe/Berlin" }),
  "POST /triggers/:trigger_id/rotate": () => ({ what: "address" }),
  "POST /triggers/:trigger_id/test": () => ({ body: { name: "Ana" } }),
  "POST /triggers/:trigger_id/listen": () => ({ start: false }),
  "POST /forms/:token": () => ({ inputs: { name: "Ana" } }),
  "POST /executions/:execution_id/retry": () => ({ from: "failed_step" }),
  "POST /executions/:execution_id/fork": () => ({ from_step: "greet", data: "Hello Cid" }),
  "POST /executions/:execution_id/replay": () => ({ version: 1 }),
  "POST /executions/:execution_id/resolve": () => ({ step: "greet", action: "fail" }),
  "POST /executions/bulk": () => ({ action: "delete", execution_ids: [nowhere.execution_id] }),
  "POST /executions/:execution_id/approvals/:approval_id": () => ({ button: "yes" }),
  "POST /executions/:execution_id/approvals/:approval_id/link": () => ({ expires_in_seconds: 60 }),
  "POST /approvals/by-link/:token": () => ({ button: "yes" }),
  "POST /executions/:execution_id/callbacks/:token": () => ({ paid: true }),
  "POST /flows/:flow_id/execute": () => ({ inputs: { name: "Ben" } }),
}

const queries: Record<string, (world: World) => Record<string, string>> = {
  "GET /flows/:flow_id/diff": () => ({ from: "1" }),
  "GET /audit/consistency": () => ({ from: "1", to: "1" }),
  "GET /flows/:flow_id/canvas": () => ({ client: "window-0000000000000001" }),
  ...crewQueries,
  "GET /executions/:execution_id/callback-address": () => ({ step: "hold" }),
  "GET /executions/:execution_id/diff": ({ asking_id }) => ({ with: asking_id }),
}

export const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`

/** Whose address ends with another token. */
const tokens: Record<string, (world: World) => string> = {
  "/forms/:token": ({ form_token }) => form_token,
  "/shared-chats/:token": ({ share_token }) => share_token,
}

/** A request that is right in everything but, perhaps, what it names. */
export function sampleOf(endpoint: Endpoint, world: World): Ask {
  const name = nameOf(endpoint)
  const body = bodies[name]?.(world)
  if (endpoint.body && body === undefined) throw new Error(`test/kit/world.ts has no body for ${name}`)
  const query = queries[name]?.(world)
  const isAsking = /\/approvals\/:approval_id|\/callback-address$/.test(endpoint.path)
  const token = tokens[endpoint.path]?.(world) ?? world.token
  const params = { ...world, token, ...(isAsking ? { execution_id: world.asking_id } : {}) }
  return { params, ...(body === undefined ? {} : { body }), ...(query ? { query } : {}) }
}

export const writes = allEndpoints.filter(({ method }) => method !== "GET")
/** The one body that may be anything: what somebody outside says to a step that waits for it. */
const isFree = (endpoint: Endpoint) => nameOf(endpoint) === "POST /executions/:execution_id/callbacks/:token"
export const withShape = allEndpoints.filter((one) => one.body !== undefined && !isFree(one))
export const withBody = allEndpoints.filter(({ body }) => body !== undefined)
/** Routes that name something of a tenant; what a signed address names is anybody's who has it. */
export const withId = allEndpoints.filter(
  ({ params, needs }) => params !== undefined && needs !== "public" && needs !== "platform",
)
export const guarded = allEndpoints.filter(({ needs }) => needs !== "public")
