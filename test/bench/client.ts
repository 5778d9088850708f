import * as z from "zod"

const Registered = z.object({ access_token: z.string() })
const Provider = z.object({ llm_provider: z.object({ id: z.string() }) })
const Created = z.object({ flow: z.object({ id: z.string() }) })
const Key = z.object({ secret: z.string() })
const Started = z.object({ execution_id: z.string(), status: z.string(), error: z.unknown().optional() })
const Found = z.object({ execution: z.object({ status: z.string() }) })
const Tool = z.object({ tool: z.object({ id: z.string() }) })
const Page = z.object({ events: z.array(z.object({ at: z.string(), node_id: z.string().optional() })) })
const Address = z.object({ url: z.string() })
const Chat = z.object({
  session: z.object({ id: z.string(), status: z.string(), share_url: z.string().nullable() }),
})
const Messages = z.object({ messages: z.array(z.object({ id: z.string() })) })
const patienceMs = 60_000

/** What the bench asks of the public API, as any client would. */
export class Client {
  readonly #address: string
  readonly #token: string
  /** What its person signs in with. */
  readonly account: { email: string; password: string }

  private constructor(address: string, token: string, account = { email: "", password: "" }) {
    this.#address = address
    this.#token = token
    this.account = account
  }

  /** Registers a tenant of its own. */
  static async register(address: string): Promise<Client> {
    const name = `bench-${crypto.randomUUID().slice(0, 8)}`
    const registration = {
      email: `${name}@edgecrew.local`,
      password: `${crypto.randomUUID()}-Aa1`,
      tenant_name: name,
      tenant_slug: name,
    }
    const reply = await new Client(address, "").#post("/auth/register", registration)
    return new Client(address, Registered.parse(reply).access_token, registration)
  }

  /** The builtin model as a provider; answers with its id. */
  async builtinProvider(): Promise<string> {
    const provider = { name: "Builtin for the bench", provider_type: "builtin", config: {}, is_active: true }
    return Provider.parse(await this.#post("/llm-providers", provider)).llm_provider.id
  }

  /** Creates and publishes a flow; answers with its id. */
  async publish(flow: object): Promise<string> {
    const { id } = Created.parse(await this.#post("/flows", flow)).flow
    await this.#post(`/flows/${id}/publish`, {})
    return id
  }

  /** A key that may start executions and read them, or whatever else. */
  async apiKey(scopes = ["execution.start", "execution.read"]): Promise<string> {
    return Key.parse(await this.#post("/api-keys", { name: "bench", scopes })).secret
  }

  /** A local server that speaks as OpenAI does, as a provider; answers with its id. */
  async provider(base_url: string, api_key: string, is_default = false): Promise<string> {
    const provider = {
      name: "Local for the bench",
      provider_type: "openai_compatible",
      api_credentials: { api_key },
      config: { base_url },
      is_default,
    }
    return Provider.parse(await this.#post("/llm-providers", provider)).llm_provider.id
  }

  /** Starts an execution and does not wait. */
  async start(flow: string): Promise<string> {
    return Started.parse(await this.#post(`/flows/${flow}/execute`, { inputs: {} })).execution_id
  }

  /** A program as a tool; answers with its id. */
  async tool(execution_config: object): Promise<string> {
    const name = `bench_${crypto.randomUUID().slice(0, 8)}`
    const tool = { kind: "container", name, description: "Runs a program", execution_config }
    return Tool.parse(await this.#post("/tools", tool)).tool.id
  }

  /** The journal of an execution, as far as one page holds it. */
  async events(execution: string): Promise<z.infer<typeof Page>["events"]> {
    return Page.parse(await (await this.#fetch("GET", `/executions/${execution}/events?limit=1000`)).json())
      .events
  }

  /** Executes a flow to its end, which must be a good one; answers with the execution's id. */
  async execute(flow: string): Promise<string> {
    const reply = await this.#post(`/flows/${flow}/execute`, { inputs: {} }, { prefer: "wait=60" })
    const { execution_id, status, error } = Started.parse(reply)
    if (status !== "succeeded") throw new Error(`${execution_id} is ${status}: ${JSON.stringify(error)}`)
    return execution_id
  }

  /** Resolves with the first event of an execution's stream. */
  async firstEvent(execution: string): Promise<void> {
    const response = await this.#fetch("GET", `/executions/${execution}/stream`)
    const reader = response.body?.getReader()
    let text = ""
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      text += new TextDecoder().decode(read.value)
      if (text.includes("\ndata:")) break
    }
    await reader?.cancel()
    if (!text.includes("\ndata:")) throw new Error(`the stream of ${execution} held no event: ${text}`)
  }

  /** Reads an execution's stream to its end, as a page does. */
  async follow(execution: string, heard: (text: string) => void): Promise<void> {
    const response = await this.#fetch("GET", `/executions/${execution}/stream`)
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) heard(decoder.decode(piece, { stream: true }))
  }

  /** Where a step is called that waits for it. */
  async callbackAddress(execution: string, step: string): Promise<string> {
    const response = await this.#fetch("GET", `/executions/${execution}/callback-address?step=${step}`)
    return Address.parse(await response.json()).url
  }

  async callBack(url: string): Promise<void> {
    const headers = { "content-type": "application/json" }
    const response = await fetch(url, { method: "POST", headers, body: "{}" })
    const text = await response.text()
    if (!response.ok) throw new Error(`the callback answered ${response.status}: ${text}`)
  }

  /** Resolves when an execution has succeeded. */
  async ended(execution: string): Promise<void> {
    for (const last = Date.now() + patienceMs; Date.now() < last;) {
      const response = await this.#fetch("GET", `/executions/${execution}`)
      if (Found.parse(await response.json()).execution.status === "succeeded") return
    }
    throw new Error(`${execution} did not end`)
  }

  /** Begins a chat with a flow; answers with its id. */
  async chat(flow_id: string, title: string): Promise<string> {
    return Chat.parse(await this.#post("/chat/sessions", { flow_id, title })).session.id
  }

  /** Writes messages, so that each follows the answer to the one before, and waits until all are answered. */
  async say(chat: string, texts: readonly string[]): Promise<void> {
    for (const content of texts) await this.#post(`/chat/sessions/${chat}/messages`, { content })
    const path = `/chat/sessions/${chat}`
    for (const last = Date.now() + patienceMs; Date.now() < last;) {
      const { session } = Chat.parse(await (await this.#fetch("GET", path)).json())
      if (session.status === "idle") return
    }
    throw new Error(`${chat} did not come to rest`)
  }

  /** The id of the message that stands so many before the newest, by pages. */
  async messageBefore(chat: string, newest: number): Promise<string> {
    let before = ""
    for (let left = newest; ; left -= 500) {
      const path = `/chat/sessions/${chat}/messages?limit=500${before}`
      const { messages } = Messages.parse(await (await this.#fetch("GET", path)).json())
      const found = messages[Math.min(left, 500) - 1] ?? messages.at(-1)
      if (!found) throw new Error(`${chat} has no such message`)
      if (left <= 500) return found.id
      before = `&before=${messages.at(-1)!.id}`
    }
  }

  /** Shares a chat; answers with its public address. */
  async share(chat: string): Promise<string> {
    return Chat.parse(await this.#post(`/chat/sessions/${chat}/share`, {})).session.share_url ?? ""
  }

  async #post(path: string, body: object, more: Record<string, string> = {}): Promise<unknown> {
    return (await this.#fetch("POST", path, body, more)).json()
  }

  async #fetch(
    method: string,
    path: string,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const response = await fetch(`${this.#address}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }),
        ...more,
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (response.ok) return response
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  }
}
