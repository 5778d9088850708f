import { setTimeout as sleep } from "node:timers/promises"
import { agentsApi } from "#core/contract/agents"
import { apiKeysApi } from "#core/contract/api-keys"
import { approvalsApi } from "#core/contract/approvals"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import { budgetsApi } from "#core/contract/budgets"
import { credentialsApi } from "#core/contract/credentials"
import { crewsApi } from "#core/contract/crews"
import { membersApi } from "#core/contract/members"
import { providersApi } from "#core/contract/llm-providers"
import { aliasesApi } from "#core/contract/model-aliases"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { reviewsApi } from "#core/contract/reviews"
import { toolsApi } from "#core/contract/tools"
import { tracesApi } from "#core/contract/traces"
import { triggersApi } from "#core/contract/triggers"
import { allCapabilities } from "#core/access/capabilities"
import type { Client } from "./client.ts"
import { unknownIds, type Ids } from "./routes.ts"
import {
  answered,
  chain,
  create,
  execute,
  keyOf,
  password,
  publish,
  register,
  start,
  sum,
  unique,
  type Tenant,
} from "./world.ts"

/** A tenant with one of everything, each with the tenant's own word in it. */
export interface House extends Tenant {
  word: string
  ids: Ids
  key: Client
}

export async function furnish(stranger: Client): Promise<House> {
  const tenant = await register(stranger)
  const { admin } = tenant
  const word = unique("word").replaceAll("-", "")
  const flow_id = await publish(admin, { ...sum(`Flow of ${word}`), description: `About ${word}` })
  const { execution_id } = await execute(admin, flow_id, { a: 1, b: 1, note: word })
  const { llm_provider } = await admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
    body: { name: `Provider of ${word}`, provider_type: "builtin", config: {} },
  })
  const { credential } = await admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
    body: {
      name: `Credential of ${word}`,
      kind: "bearer",
      secret: `token-of-${word}`,
      allowed_hosts: ["api.example.com"],
    },
  })
  const { budget } = await admin.ask(budgetsApi.create.reply, "POST", "/budgets", {
    body: { name: `Budget of ${word}`, scope: "tenant", limit_micros: 1_000_000_000, mode: "soft" },
  })
  const { api_key } = await admin.ask(apiKeysApi.create.reply, "POST", "/api-keys", {
    body: { name: `Key of ${word}`, scopes: ["flow.read"] },
  })
  const second = await stranger.ask(authApi.login.reply, "POST", "/auth/login", {
    body: { email: tenant.email, password },
  })
  const { sessions } = await admin
    .as(second.access_token)
    .ask(authApi.sessions.reply, "GET", "/auth/sessions")
  const session_id = sessions.find((one) => one.current)?.id ?? ""
  const { invitation } = await admin.ask(membersApi.invite.reply, "POST", "/users/invite", {
    body: { email: `${word}@example.com`, role: "viewer" },
  })
  const { spans } = await admin.ask(tracesApi.ofExecution.reply, "GET", `/executions/${execution_id}/spans`)
  const { question, approval_id } = await ask(admin, word)
  const { trigger } = await admin.ask(triggersApi.create.reply, "POST", "/triggers", {
    body: { kind: "webhook", flow_id, name: `Trigger of ${word}`, config: { inputs: "body" } },
  })
  const { delivery } = await admin.ask(triggersApi.test.reply, "POST", `/triggers/${trigger.id}/test`, {
    body: { body: { a: 1, b: 1 } },
  })
  const body = { text: `Remark of ${word}` }
  const { thread } = await admin.ask(canvasApi.comment.reply, "POST", `/flows/${flow_id}/comments`, { body })
  const { named_version } = await admin.ask(
    canvasApi.nameVersion.reply,
    "POST",
    `/flows/${flow_id}/named-versions`,
    { body: { name: `State of ${word}` } },
  )
  // A canvas is at rest when its flow has been read.
  await admin.ask(flowsApi.get.reply, "GET", `/flows/${flow_id}`)
  const drafted = await create(admin, sum(`Draft of ${word}`))
  const { review } = await admin.ask(reviewsApi.request.reply, "POST", `/flows/${drafted}/reviews`, {
    body: { note: `Please look, ${word}` },
  })
  const { entries } = await admin.ask(auditApi.list.reply, "GET", `/audit?target=${flow_id}`)
  const { hold } = await admin.ask(privacyApi.hold.reply, "POST", "/privacy/holds", {
    body: { target: drafted, reason: `Dispute of ${word}` },
  })
  const people = await staff(admin, word, llm_provider.id)
  const { erasure } = await admin.ask(privacyApi.ask.reply, "POST", "/privacy/erase", {
    body: { chat_id: people.chat_id, reason: `Wish of ${word}` },
  })
  const ids = {
    audit_id: entries[0]?.id ?? "",
    hold_id: hold.id,
    erasure_id: erasure.id,
    review_id: review.id,
    named_id: named_version.id,
    thread_id: thread.id,
    comment_id: thread.comments[0]?.id ?? "",
    ...people,
    flow_id,
    execution_id,
    span_id: spans[0]?.id ?? "",
    provider_id: llm_provider.id,
    budget_id: budget.id,
    credential_id: credential.id,
    step: unknownIds.step,
    file: unknownIds.file,
    key_id: api_key.id,
    session_id,
    user_id: tenant.user,
    tenant_id: tenant.id,
    impersonation_id: unknownIds.impersonation_id,
    name: unknownIds.name,
    invitation_id: invitation.id,
    question,
    approval_id,
    trigger_id: trigger.id,
    delivery_id: delivery.id,
    token: "B".repeat(43),
    version: "1",
  }
  return { ...tenant, word, ids, key: await keyOf(admin, ...allCapabilities) }
}

type Staff = Pick<
  Ids,
  "alias_id" | "agent_id" | "crew_id" | "tool_id" | "memory_id" | "chat_id" | "message_id" | "example_id"
>

/** An agent with its tool, model and crew, and a chat that it has answered in. */
async function staff(admin: Client, word: string, provider: string): Promise<Staff> {
  const { model_alias } = await admin.ask(aliasesApi.create.reply, "POST", "/model-aliases", {
    body: { name: `alias-${word}`, targets: [{ llm_provider_id: provider, model: "builtin" }] },
  })
  const { tool } = await admin.ask(toolsApi.create.reply, "POST", "/tools", {
    body: {
      name: `tool_${word}`,
      description: `Tool of ${word}`,
      kind: "http",
      execution_config: { url: "https://api.example.com" },
    },
  })
  const { agent } = await admin.ask(agentsApi.create.reply, "POST", "/agents", {
    body: { name: `Agent of ${word}`, tool_ids: [tool.id] },
  })
  const { crew } = await admin.ask(crewsApi.create.reply, "POST", "/crews", {
    body: {
      name: `Crew of ${word}`,
      collaboration_pattern: "sequential",
      agents: [{ agent_id: agent.id, position: "one" }],
      tasks: [{ id: "only", description: "Sum it up", position: "one" }],
    },
  })
  const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", {
    body: { agent_id: agent.id },
  })
  const message_id = await answered(admin, session.id, `A word: ${word}`)
  return {
    alias_id: model_alias.id,
    agent_id: agent.id,
    crew_id: crew.id,
    tool_id: tool.id,
    memory_id: unknownIds.memory_id,
    chat_id: session.id,
    message_id,
    example_id: unknownIds.example_id,
  }
}

/** An execution that waits for a person. */
async function ask(admin: Client, word: string): Promise<{ question: string; approval_id: string }> {
  const flow = await publish(admin, {
    ...chain(
      { id: "in", type: "input", data: {} },
      {
        id: "ask",
        type: "approval",
        data: { title: `Question of ${word}`, buttons: [{ id: "yes", label: "Yes" }] },
      },
    ),
    name: `Asks ${word}`,
  })
  const question = await start(admin, flow, {})
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) {
    const { approvals } = await admin.ask(
      approvalsApi.list.reply,
      "GET",
      `/approvals?execution_id=${question}`,
    )
    if (approvals[0]) return { question, approval_id: approvals[0].id }
  }
  throw new Error("the question did not come in time")
}
