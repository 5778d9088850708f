import { setTimeout as sleep } from "node:timers/promises"
import type * as z from "zod"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { chatApi } from "#core/contract/chat"
import { executionsApi, type Execution } from "#core/contract/executions"
import { flowsApi, type FlowDraft } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import type { Capability } from "#core/access/capabilities"
import { isSettled } from "#core/execution/status"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { OpenAiServer } from "#test/kit/llm/openai-server"
import type { Client } from "./client.ts"
import { watch } from "./stream.ts"

export const password = "violet-harbour-kite-77"

/** A name that nothing else of this run has. */
export const unique = (stem: string): string => `${stem}-${crypto.randomUUID().slice(0, 8)}`

export interface Tenant {
  id: string
  user: string
  slug: string
  email: string
  refresh: string
  /** Its first admin's program. */
  admin: Client
}

/** Registers a tenant of its own, as somebody who found the page does. */
export async function register(stranger: Client, stem = "acme"): Promise<Tenant> {
  const slug = unique(stem)
  const email = `${slug}@example.com`
  const made = await stranger.ask(authApi.register.reply, "POST", "/auth/register", {
    body: { email, password, tenant_name: `The ${slug} company`, tenant_slug: slug },
  })
  return {
    id: made.tenant_id,
    user: made.user_id,
    slug,
    email,
    refresh: made.refresh_token,
    admin: stranger.as(made.access_token),
  }
}

/** An API key's program. */
export async function keyOf(admin: Client, ...scopes: Capability[]): Promise<Client> {
  const body = { name: unique("key"), scopes }
  const { secret } = await admin.ask(apiKeysApi.create.reply, "POST", "/api-keys", { body })
  return admin.as(secret)
}

type Drawn = Pick<FlowDraft, "name" | "nodes" | "edges"> & Partial<FlowDraft>

/** Steps in a row. */
export function chain(...steps: Pick<FlowNode, "id" | "type" | "data">[]): {
  nodes: FlowNode[]
  edges: FlowEdge[]
} {
  return {
    nodes: steps.map((step, i) => ({ ...step, position: { x: i * 240, y: 0 } })),
    edges: steps.slice(1).flatMap((step, i) => {
      const source = steps[i]?.id
      return source === undefined ? [] : [{ id: `${source}-${step.id}`, source, target: step.id }]
    }),
  }
}

/** input → llm → output, as everybody draws first. */
export const summary = (data: FlowNode["data"] = {}, name = unique("Summary")): Drawn => ({
  name,
  ...chain(
    { id: "input", type: "input", data: {} },
    {
      id: "draft",
      type: "llm",
      data: { prompt: "Summarise this text in 1 sentence.\n\n{{ input.text }}", ...data },
    },
    { id: "result", type: "output", data: { value: "{{ nodes.draft }}" } },
  ),
  input_schema: {
    type: "object",
    properties: { text: { type: "string", minLength: 1 } },
    required: ["text"],
    additionalProperties: false,
  },
})

/** input → transform → output: nothing in it waits. */
export const sum = (name = unique("Sum")): Drawn => ({
  name,
  ...chain(
    { id: "input", type: "input", data: {} },
    { id: "added", type: "transform", data: { value: "input.a + input.b" } },
    { id: "result", type: "output", data: { value: "{{ nodes.added }}" } },
  ),
})

/** Creates a flow; answers with its id. */
export async function create(editor: Client, flow: Drawn): Promise<string> {
  const made = await editor.ask(flowsApi.create.reply, "POST", "/flows", { body: flow })
  return made.flow.id
}

/** Creates a flow and publishes it. */
export async function publish(editor: Client, flow: Drawn): Promise<string> {
  const id = await create(editor, flow)
  await editor.ask(flowsApi.publish.reply, "POST", `/flows/${id}/publish`, { body: {} })
  return id
}

const Accepted = executionsApi.execute.reply

/** Starts an execution without waiting for it. */
export async function start(client: Client, flow: string, inputs: object): Promise<string> {
  const { execution_id } = await client.ask(Accepted, "POST", `/flows/${flow}/execute`, { body: { inputs } })
  return execution_id
}

const Ended = executionsApi.execute.also[200].schema

/** Executes a flow and waits for its end. */
export async function execute(client: Client, flow: string, inputs: object): Promise<z.output<typeof Ended>> {
  return client.ask(Ended, "POST", `/flows/${flow}/execute`, {
    body: { inputs },
    headers: { prefer: "wait=30" },
  })
}

/** One execution with its nodes. */
export const look = (client: Client, execution: string): Promise<z.output<typeof executionsApi.get.reply>> =>
  client.ask(executionsApi.get.reply, "GET", `/executions/${execution}`)

/** Waits for an execution's end, by its stream. */
export async function settled(client: Client, execution: string): Promise<Execution> {
  await watch(client, execution, {
    until: (event) => /^execution\.(succeeded|failed|cancelled|timed_out)$/.test(event.type),
  })
  const { execution: ended } = await look(client, execution)
  if (!isSettled(ended.status))
    throw new Error(`${execution} is ${ended.status} although its stream has ended`)
  return ended
}

/** The whole journal. */
export async function journal(
  client: Client,
  execution: string,
): Promise<z.output<typeof executionsApi.events.reply>["events"]> {
  const { events, has_more } = await client.ask(
    executionsApi.events.reply,
    "GET",
    `/executions/${execution}/events?limit=5000`,
  )
  if (has_more) throw new Error(`The journal of ${execution} has more than 5000 events`)
  return events
}

/** A provider that stands for a vendor on this machine; answers with its id. */
export async function provider(
  admin: Client,
  vendor: OpenAiServer,
  name = unique("Vendor"),
): Promise<string> {
  const { llm_provider } = await admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
    body: {
      name,
      provider_type: "openai_compatible",
      api_credentials: { api_key: vendor.apiKey },
      config: { base_url: vendor.url },
    },
  })
  return llm_provider.id
}

/** Sends a first message to a chat and waits until it is answered. Answers with the message's id. */
export async function answered(admin: Client, chat: string, content: string): Promise<string> {
  const path = `/chat/sessions/${chat}/messages`
  const { message_id } = await admin.ask(chatApi.send.reply, "POST", path, { body: { content } })
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const { messages } = await admin.ask(chatApi.messages.reply, "GET", path)
    const answer = messages.find((one) => one.role === "assistant")
    if (answer?.status === "done") return message_id
    if (answer && answer.finished_at !== null)
      throw new Error(`The chat ${chat} was answered ${answer.status}`)
  }
  throw new Error(`The chat ${chat} was not answered within 20 s`)
}
