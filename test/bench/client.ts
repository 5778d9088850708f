import * as z from "zod"

const Registered = z.object({ access_token: z.string() })
const Provider = z.object({ llm_provider: z.object({ id: z.string() }) })
const Created = z.object({ flow: z.object({ id: z.string() }) })
const Key = z.object({ secret: z.string() })

/** What the bench asks of the public API, as any client would. */
export class Client {
  readonly #address: string
  readonly #token: string

  private constructor(address: string, token: string) {
    this.#address = address
    this.#token = token
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
    return new Client(address, Registered.parse(reply).access_token)
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

  /** A key that may start executions and read them. */
  async apiKey(): Promise<string> {
    const scopes = ["execution.start", "execution.read"]
    return Key.parse(await this.#post("/api-keys", { name: "bench", scopes })).secret
  }

  async #post(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.#address}/api/v1${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text)
  }
}
