import { AgentDraft } from "#core/agent/agent"
import { agentsApi } from "#core/contract/agents"
import { approvalsApi } from "#core/contract/approvals"
import { authApi } from "#core/contract/auth"
import { apiKeysApi } from "#core/contract/api-keys"
import { chatApi } from "#core/contract/chat"
import { budgetsApi } from "#core/contract/budgets"
import { credentialsApi } from "#core/contract/credentials"
import { crewsApi } from "#core/contract/crews"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { aliasesApi } from "#core/contract/model-aliases"
import { toolsApi } from "#core/contract/tools"
import { triggersApi } from "#core/contract/triggers"
import { xssPayloads } from "#test/kit/xss-payloads"
import { calls, plays, type CrewStage } from "./crew-stage.ts"
import { answered, chain, create, look, publish, settled, start, unique } from "./world.ts"

/** All of them, one below the other. */
export const everything = xssPayloads.join("\n\n")
/** Without what the product itself would read as an expression. */
const plainOnes = xssPayloads.filter((text) => !text.includes("{{"))
const plain = plainOnes.join("\n\n")

let next = 0
/** The next payload that fits into so many letters: names go through all of them in turn. */
export function some(most: number, from: readonly string[] = xssPayloads): string {
  for (;;) {
    const text = from[next++ % from.length]!
    if (text.length <= most) return text
  }
}
const short = (most: number) => some(most, plainOnes)

/** As many as fit. */
function filled(most: number, from: readonly string[] = xssPayloads): string {
  let text = some(most, from)
  for (let i = 0; i < from.length && text.length < most; i++) {
    const more = `${text}\n${some(most, from)}`
    if (more.length <= most) text = more
  }
  return text
}

const pick = (from: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)))

const model = "e2e-hostile"

/** A tenant whose every text field holds payloads, whose model says them and whose tools answer and print them. */
export async function furnishHostile(stage: CrewStage): Promise<{ places: string[]; outside: string[] }> {
  const { admin } = stage.tenant
  plays(model, [
    { text: everything, calls: [calls("hostile_tool", { text: everything.slice(0, 8_000) })] },
    { text: everything },
  ])
  await admin.ask(authApi.updateMe.reply, "PATCH", "/auth/me", { body: { name: some(80) } })
  const tool = await hostileTool(stage)
  const agent = await stage.agent(short(110), model, {
    description: filled(1_900),
    role: filled(480, plainOnes),
    goal: filled(3_900, plainOnes),
    backstory: plain.slice(0, 9_900),
    system_prompt: plain,
    tool_ids: [tool],
    config: { guardrails: [{ type: "must_not_match", pattern: "never said", message: filled(400) }] },
  })
  const { agent: first } = await admin.ask(agentsApi.get.reply, "GET", `/agents/${agent}`)
  await admin.ask(agentsApi.update.reply, "PUT", `/agents/${agent}`, {
    body: { ...AgentDraft.parse(pick(first, Object.keys(AgentDraft.shape))), goal: filled(3_900, plainOnes) },
  })
  const crew = await stage.crew(some(110), {
    agents: { one: agent },
    tasks: [{ id: "only", description: plain.slice(0, 19_000), position: "one" }],
  })
  const executions = await hostileExecutions(stage, { agent, crew })
  const models = await hostileSettings(stage)
  const triggers = await hostileTriggers(stage, executions.flow)
  const chats = await hostileChats(stage, agent)
  const { flow, asking, failed, ended, crewed } = executions
  return {
    outside: [...executions.outside, ...triggers.outside, ...chats.outside],
    places: [
      "/flows",
      `/flows/${flow}`,
      ...["note", "say", "code", "ask"].map((node) => `/flows/${flow}?node=${node}`),
      `/flows/${flow}/compare?from=1&to=draft`,
      "/executions",
      ...[asking, failed, ended, crewed].flatMap((id) => [`/executions/${id}`, `/traces?execution=${id}`]),
      ...["say", "code", "ask"].map((node) => `/executions/${asking}?node=${node}`),
      ...["crew%2Fonly", "crew%2Fonly%5B0%5D%2Fthink", "crew%2Fonly%5B0%5D%2Fcalls%5B0%5D%2Fcall"].map(
        (node) => `/executions/${crewed}?node=${node}`,
      ),
      `/executions/${ended}/compare/${failed}`,
      "/approvals",
      "/traces",
      "/agents",
      `/agents/${agent}`,
      "/crews",
      `/crews/${crew}`,
      "/tools",
      `/tools/${tool}`,
      ...models,
      ...triggers.places,
      ...chats.places,
    ],
  }
}

/** Its form has payloads for words, it prints them and answers with them, as keys too. */
async function hostileTool({ tenant: { admin } }: CrewStage): Promise<string> {
  const properties = { text: { type: "string", title: filled(200), description: filled(1_000) } }
  const source = `export default ({ text }) => {
  console.log(text)
  console.error(text)
  return { text, [text.slice(0, 60)]: text.slice(0, 500) }
}`
  const { tool } = await admin.ask(toolsApi.create.reply, "POST", "/tools", {
    body: {
      name: "hostile_tool",
      description: filled(1_900),
      kind: "isolate",
      input_schema: { type: "object", title: filled(200), description: filled(500), properties },
      execution_config: { source },
    },
  })
  await admin.send("POST", `/tools/${tool.id}/invoke`, {
    body: { input: { text: everything } },
    headers: { prefer: "wait=30" },
  })
  return tool.id
}

type Executions = Record<"flow" | "asking" | "failed" | "ended" | "crewed", string> & { outside: string[] }

/** One that waits for a person, one that failed with payloads for its words, one that is over, and one of a crew. */
async function hostileExecutions(
  stage: CrewStage,
  made: { agent: string; crew: string },
): Promise<Executions> {
  const { admin } = stage.tenant
  const code = "export default (input) => { console.log(input.text); console.warn(input.text); return input }"
  const steps = chain(
    { id: "input", type: "input", data: {} },
    { id: "say", type: "agent", data: { agent_id: made.agent, task: "{{ input.text }}" } },
    { id: "code", type: "code", data: { source: code } },
    {
      id: "ask",
      type: "approval",
      data: {
        title: short(200),
        message: plain,
        buttons: [{ id: "yes", label: short(60) }],
        form_schema: {
          type: "object",
          properties: { comment: { type: "string", title: filled(200), description: filled(500) } },
        },
      },
    },
    { id: "result", type: "output", data: { value: "{{ nodes.say }}" } },
  )
  const note = {
    id: "note",
    type: "note",
    position: { x: 0, y: 300 },
    data: { text: everything.slice(0, 19_000) },
  }
  const nodes = [...steps.nodes.map((one) => ({ ...one, label: some(100) })), note]
  const edges = steps.edges.map((one) => (one.source === "ask" ? { ...one, source_handle: "yes" } : one))
  const drawn = { name: some(100), description: filled(400), nodes, edges }
  const flow = await create(admin, drawn)
  await admin.ask(flowsApi.publish.reply, "POST", `/flows/${flow}/publish`, { body: { note: filled(400) } })
  await admin.ask(flowsApi.update.reply, "PUT", `/flows/${flow}`, {
    body: { ...drawn, description: filled(400) },
  })
  const asking = await start(admin, flow, { text: everything })
  const ask = await asked(stage, asking)
  const link = await admin.ask(
    approvalsApi.link.reply,
    "POST",
    `/executions/${asking}/approvals/${ask}/link`,
    {
      body: {},
    },
  )
  const lone = (value: string) =>
    publish(admin, {
      name: some(100),
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "value", type: "transform", data: { value } },
        { id: "result", type: "output", data: { value: "{{ nodes.value }}" } },
      ),
    })
  const failed = await start(admin, await lone("$error(input.text)"), { text: everything })
  const ended = await start(admin, await lone("{ input.text: input }"), { text: everything })
  for (const id of [failed, ended]) await settled(admin, id)
  const { execution_id: crewed } = await admin.ask(crewsApi.test.reply, "POST", `/crews/${made.crew}/test`, {
    body: { input: { text: everything } },
  })
  await settled(admin, crewed)
  return { flow, asking, failed, ended, crewed, outside: [link.url] }
}

/** The question of an execution, once it is asked. */
async function asked({ tenant: { admin } }: CrewStage, execution: string): Promise<string> {
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    const { nodes } = await look(admin, execution)
    const found = nodes.find((one) => one.node_id === "ask" && one.approval_id)
    if (found?.approval_id) return found.approval_id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error("Nobody was asked.")
}

async function hostileSettings({ tenant: { admin } }: CrewStage): Promise<string[]> {
  const { llm_provider } = await admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
    body: { name: some(100), provider_type: "builtin", config: {} },
  })
  await admin.ask(aliasesApi.create.reply, "POST", "/model-aliases", {
    body: {
      name: "hostile",
      description: filled(480),
      targets: [{ llm_provider_id: llm_provider.id, model: some(190) }],
    },
  })
  const { budget } = await admin.ask(budgetsApi.create.reply, "POST", "/budgets", {
    body: { name: some(80), scope: "tenant", limit_micros: 1_000_000, mode: "soft" },
  })
  for (let i = 0; i < 10; i++)
    await admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
      body: { name: some(80), kind: "bearer", secret: "a-secret", allowed_hosts: ["api.example.com"] },
    })
  for (let i = 0; i < 10; i++)
    await admin.ask(apiKeysApi.create.reply, "POST", "/api-keys", {
      body: { name: some(80), scopes: ["flow.read"] },
    })
  return [
    "/models",
    "/budgets",
    `/budgets?show=${budget.id}`,
    `/budgets?edit=${budget.id}`,
    "/settings/profile",
    "/settings/api-keys",
    "/settings/credentials",
    `/settings/credentials?search=${encodeURIComponent(some(80))}`,
  ]
}

async function hostileTriggers(
  { tenant: { admin }, server }: CrewStage,
  flow_id: string,
): Promise<{ places: string[]; outside: string[] }> {
  const webhook = await admin.ask(triggersApi.create.reply, "POST", "/triggers", {
    body: { kind: "webhook", flow_id, name: some(100), config: { inputs: "body" } },
  })
  await fetch(`${server.address}${webhook.trigger.address}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-own": some(60).replaceAll(/[^ -~]/g, "") },
    body: JSON.stringify({ text: everything }),
  })
  const properties = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `q${i}`,
      { type: "string", title: filled(150), description: filled(600) },
    ]),
  )
  const form = await admin.ask(triggersApi.create.reply, "POST", "/triggers", {
    body: {
      kind: "form",
      flow_id,
      name: some(100),
      config: {
        title: some(180),
        description: filled(3_900),
        submit_label: some(60),
        input_schema: { type: "object", properties },
        reply: { mode: "message", message: filled(1_900) },
      },
    },
  })
  const places = ["/triggers", ...[webhook, form].map(({ trigger }) => `/triggers/${trigger.id}`)]
  return { places, outside: [form.trigger.address ?? ""] }
}

async function hostileChats(
  { tenant: { admin } }: CrewStage,
  agent_id: string,
): Promise<{ places: string[]; outside: string[] }> {
  for (let i = 0; i < 20; i++)
    await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", { body: { agent_id, title: some(150) } })
  const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", {
    body: { agent_id, title: unique("Hostile") },
  })
  await answered(admin, session.id, everything)
  const shared = await admin.ask(chatApi.share.reply, "POST", `/chat/sessions/${session.id}/share`)
  return {
    places: ["/chat", `/chat/${session.id}`, "/chat?q=alert", `/chat?q=${encodeURIComponent(some(60))}`],
    outside: [shared.session.share_url ?? ""],
  }
}
