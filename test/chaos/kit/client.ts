import * as z from "zod"
import { setTimeout as sleep } from "node:timers/promises"
import type { Capability } from "#core/access/capabilities"
import { ExecutionStatus } from "#core/execution/status"

const Registered = z.object({ access_token: z.string() })
const Key = z.object({ secret: z.string() })
const Provider = z.object({ llm_provider: z.object({ id: z.string() }) })
const Created = z.object({ flow: z.object({ id: z.string() }) })
const Tool = z.object({ tool: z.object({ id: z.string() }) })
const Agent = z.object({ agent: z.object({ id: z.string() }) })
const Alias = z.object({ model_alias: z.object({ id: z.string() }) })
const Amount = { input_tokens: z.int(), output_tokens: z.int(), cost_micros: z.int() }
const Summed = z.object({ id: z.string(), status: ExecutionStatus, ...Amount })
const Sums = z.object({ executions: z.array(Summed), total: z.int() })
const Spanned = z.object({ kind: z.string(), status: z.string(), end_time: z.string().nullable(), ...Amount })
const Spans = z.object({ spans: z.array(Spanned), next: z.string().nullable() })
const Started = z.object({ execution_id: z.string(), status: ExecutionStatus })
const Found = z.object({
  execution: z.object({ status: ExecutionStatus, outputs: z.unknown(), error: z.unknown(), ...Amount }),
})
/** Events are taken as they come: a schema would put their keys into its own order, and we compare bytes. */
const Page = z.object({ events: z.array(z.custom<Entry>()), has_more: z.boolean() })
const Asked = z.object({ approvals: z.array(z.object({ id: z.string() })) })
const Listed = z.object({
  executions: z.array(z.object({ id: z.string(), status: ExecutionStatus })),
  total: z.int(),
})

/** What an execution took, as its own row and its spans say. */
export type Sum = z.infer<typeof Summed>
export type SpanSum = z.infer<typeof Spanned>

/** An event of a journal. */
export type Entry = {
  seq: number
  type: string
  at: string
  node_id?: string
  scope?: string
  attempt?: number
  data?: unknown
}

export type Drawn = { name: string; nodes: object[]; edges: object[] }

/** The server may be killed again and again, on a machine that has much else to do. */
const patienceMs = 120_000
const answerMs = 20_000

/** A program that speaks to a server which may be gone at any moment: it asks again until it is answered. */
export class Client {
  readonly address: string
  readonly token: string

  /** Told every answer, whole. */
  hear: (text: string) => void = () => {}

  private constructor(address: string, token: string) {
    this.address = address
    this.token = token
  }

  /** Registers a tenant of its own. */
  static async register(address: string): Promise<Client> {
    const name = `chaos-${crypto.randomUUID().slice(0, 8)}`
    const body = {
      email: `${name}@edgecrew.local`,
      password: `${crypto.randomUUID()}-Aa1`,
      tenant_name: name,
      tenant_slug: name,
    }
    const { access_token } = await new Client(address, "").#ask(Registered, "POST", "/auth/register", body)
    const admin = new Client(address, access_token)
    // Access tokens end after ten minutes; a key does not.
    const scopes: Capability[] = [
      "execution.start",
      "execution.read",
      "execution.cancel",
      "flow.read",
      "flow.edit",
      "provider.edit",
      "approval.answer",
      "agent.edit",
      "trace.read",
      "provider.read",
      "credential.read",
      "credential.edit",
      "agent.read",
    ]
    const { secret } = await admin.#ask(Key, "POST", "/api-keys", { name: "chaos", scopes })
    return new Client(address, secret)
  }

  /** A stand-in for a vendor, as a provider; answers with its id. */
  async provider(vendor: { url: string; apiKey: string }, type = "openai_compatible"): Promise<string> {
    const { llm_provider } = await this.#ask(Provider, "POST", "/llm-providers", {
      name: `Vendor ${crypto.randomUUID().slice(0, 8)}`,
      provider_type: type,
      api_credentials: { api_key: vendor.apiKey },
      config: { base_url: vendor.url },
    })
    return llm_provider.id
  }

  async alias(alias: object): Promise<void> {
    await this.#ask(Alias, "POST", "/model-aliases", alias)
  }

  /** Does anew what failed in an execution that has ended; answers with the id of the one that goes on. */
  async retry(execution: string): Promise<string> {
    const headers = { "idempotency-key": crypto.randomUUID() }
    const path = `/executions/${execution}/retry`
    return (await this.#ask(Started, "POST", path, { from: "failed_step" }, headers)).execution_id
  }

  async spans(execution: string): Promise<SpanSum[]> {
    const { spans } = await this.#ask(Spans, "GET", `/executions/${execution}/spans?limit=10000`)
    return spans
  }

  /** What the tenant's index says of each execution. */
  async sums(): Promise<Map<string, Sum>> {
    const known = new Map<string, Sum>()
    for (let page = 1; ; page++) {
      const { executions, total } = await this.#ask(Sums, "GET", `/executions?limit=100&page=${page}`)
      for (const one of executions) known.set(one.id, one)
      if (executions.length === 0 || known.size >= total) return known
    }
  }

  /** A tool; answers with its id. */
  async tool(tool: object): Promise<string> {
    return (await this.#ask(Tool, "POST", "/tools", tool)).tool.id
  }

  /** An agent with one tool that sends a request; answers with its id. */
  async agent(tool: object, agent: object): Promise<string> {
    const tool_ids = [await this.tool(tool)]
    return (await this.#ask(Agent, "POST", "/agents", { ...agent, tool_ids })).agent.id
  }

  /** Says that a step which was cut off is to be done again; whoever asks again after a lost answer is told that nothing waits. */
  async repeat(execution: string, step: string): Promise<void> {
    const response = await this.#send("POST", `/executions/${execution}/resolve`, { step, action: "repeat" })
    if (!response.ok && response.status !== 409)
      throw new Error(`A decision was answered ${response.status}: ${await response.text()}`)
  }

  /** Creates and publishes a flow; answers with its id. */
  async publish(flow: Drawn): Promise<string> {
    const { id } = (await this.#ask(Created, "POST", "/flows", flow)).flow
    await this.#ask(z.unknown(), "POST", `/flows/${id}/publish`, {})
    return id
  }

  /** Any request, and whatever is answered. */
  async request(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    const response = await this.#send(method, path, body)
    return { status: response.status, text: await response.text() }
  }

  /** Starts an execution; the key makes sure that it is one, however often the answer is lost. */
  async start(flow: string, inputs: object): Promise<string> {
    const headers = { "idempotency-key": crypto.randomUUID() }
    const { execution_id } = await this.#ask(Started, "POST", `/flows/${flow}/execute`, { inputs }, headers)
    return execution_id
  }

  async look(execution: string): Promise<z.infer<typeof Found>["execution"]> {
    return (await this.#ask(Found, "GET", `/executions/${execution}`)).execution
  }

  /** Answers with the status of the answer: 202, or 409 when it had ended before. */
  async cancel(execution: string): Promise<number> {
    const { status } = await this.#send("POST", `/executions/${execution}/cancel`)
    if (status !== 202 && status !== 409) throw new Error(`A cancel was answered ${status}`)
    return status
  }

  /** The id of what an execution asks now, as the inbox knows it. */
  async question(execution: string): Promise<string | undefined> {
    const path = `/approvals?status=open&execution_id=${execution}`
    return (await this.#ask(Asked, "GET", path)).approvals[0]?.id
  }

  /** Answers; whoever asks again after a lost answer is told that it was answered. */
  async answer(execution: string, approval: string, button: string): Promise<void> {
    const path = `/executions/${execution}/approvals/${approval}`
    const response = await this.#send("POST", path, { button })
    if (!response.ok && response.status !== 409)
      throw new Error(`An answer was answered ${response.status}: ${await response.text()}`)
  }

  /** Calls an address that an execution has given away; the second call is told that it came second. */
  async call(address: string, body: object): Promise<void> {
    const path = new URL(address).pathname.replace("/api/v1", "")
    const response = await this.#send("POST", path, body)
    if (!response.ok && response.status !== 409)
      throw new Error(`A callback was answered ${response.status}: ${await response.text()}`)
  }

  /** The statuses of the newest executions, as the tenant's index knows them. */
  async recent(): Promise<Map<string, ExecutionStatus>> {
    const { executions } = await this.#ask(Listed, "GET", "/executions?limit=100&sort=-created_at")
    return new Map(executions.map(({ id, status }) => [id, status]))
  }

  /** The whole journal. */
  async journal(execution: string): Promise<Entry[]> {
    const events: Entry[] = []
    for (let more = true; more;) {
      const path = `/executions/${execution}/events?limit=5000&after=${events.at(-1)?.seq ?? 0}`
      const page = await this.#ask(Page, "GET", path)
      events.push(...page.events)
      more = page.has_more
    }
    return events
  }

  /** The statuses that the tenant's index knows, by execution. */
  async index(): Promise<Map<string, ExecutionStatus>> {
    const known = new Map<string, ExecutionStatus>()
    for (let page = 1; ; page++) {
      const { executions, total } = await this.#ask(Listed, "GET", `/executions?limit=100&page=${page}`)
      for (const { id, status } of executions) known.set(id, status)
      if (executions.length === 0 || known.size >= total) return known
    }
  }

  get headers(): Record<string, string> {
    return this.token === "" ? {} : { authorization: `Bearer ${this.token}` }
  }

  /** Asks until somebody answers: the server may be gone, or be gone before its answer is. */
  async #send(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const until = performance.now() + patienceMs
    for (;;) {
      try {
        const response = await fetch(`${this.address}/api/v1${path}`, {
          method,
          headers: {
            ...this.headers,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(answerMs),
        })
        // The whole of it counts: half an answer is none.
        const text = await response.text()
        this.hear(`${JSON.stringify([...response.headers])}\n${text}`)
        if (response.status !== 503 || performance.now() > until)
          return new Response(response.status === 204 ? null : text, response)
      } catch (error) {
        if (performance.now() > until) throw error
      }
      await sleep(25)
    }
  }

  async #ask<S extends z.ZodType>(
    schema: S,
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<z.output<S>> {
    const response = await this.#send(method, path, body, headers)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return schema.parse(text === "" ? {} : JSON.parse(text))
  }
}
