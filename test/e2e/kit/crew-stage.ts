import { rmSync } from "node:fs"
import type { Browser, Page } from "playwright-core"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { providersApi } from "#core/contract/llm-providers"
import { toolsApi } from "#core/contract/tools"
import { cost, priceOf, priceTable } from "#core/llm/price"
import type { ChatRequest } from "#test/kit/llm/openai-request"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { scenarios } from "#test/kit/llm/openai-scenarios"
import { startReceiver, type Receiver } from "#test/kit/receiver"
import { newState, Server } from "#test/kit/server"
import { Visitor } from "./browser.ts"
import { Client } from "./client.ts"
import { register, type Tenant } from "./world.ts"
import { signIn } from "./sign-in.ts"

/** A call of a stand-in's model, as it writes it. */
type Call = { name: string; arguments: string }
type Turn = { text: string; calls?: Call[] }

export const calls = (name: string, given: object): Call => ({ name, arguments: JSON.stringify(given) })

/** What each answer of these models uses, by the vendor's own word; they have a price. */
const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 }

/** Lets a model of the stand-in go through turns, one for each of the tool results that it has got. */
export function plays(model: string, turns: readonly Turn[], pace = 0): void {
  const at = ({ messages }: ChatRequest): Turn =>
    turns.at(Math.min(messages.filter((one) => one.role === "tool").length, turns.length - 1)) ?? { text: "" }
  scenarios[model] = {
    about: "goes through its turns",
    text: (request) => at(request).text,
    toolCalls: (request) => at(request).calls ?? [],
    usage,
    pace,
  }
}

type Team = {
  agents: Record<string, string>
  manager?: string
  tasks: { id: string; description: string; position?: string; needs_approval?: boolean }[]
  config?: object
}

/** A server of the product before a vendor and a receiver on this machine, and somebody who works there. */
export class CrewStage {
  readonly server: Server
  readonly vendor: OpenAiServer
  readonly receiver: Receiver
  readonly tenant: Tenant
  readonly #state: string
  readonly #provider: string

  private constructor(
    parts: Pick<CrewStage, "server" | "vendor" | "receiver" | "tenant">,
    own: { state: string; provider: string },
  ) {
    this.server = parts.server
    this.vendor = parts.vendor
    this.receiver = parts.receiver
    this.tenant = parts.tenant
    this.#state = own.state
    this.#provider = own.provider
  }

  static async set(more: Record<string, string> = {}): Promise<CrewStage> {
    const [vendor, receiver] = await Promise.all([startOpenAiServer(), startReceiver()])
    const state = newState()
    const settings = { EDGECREW_EGRESS_ALLOW: `${vendor.host},${receiver.host}`, ...more }
    const server = await Server.start({ state, settings })
    const tenant = await register(await Client.of(server.address))
    const { llm_provider } = await tenant.admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
      body: {
        name: "Vendor",
        provider_type: "openai",
        api_credentials: { api_key: vendor.apiKey },
        config: { base_url: vendor.url },
      },
    })
    return new CrewStage({ server, vendor, receiver, tenant }, { state, provider: llm_provider.id })
  }

  async strike(): Promise<void> {
    await this.server.stop()
    await Promise.all([this.vendor.close(), this.receiver.close()])
    rmSync(this.#state, { recursive: true, force: true })
  }

  async agent(name: string, model: string, more: object = {}): Promise<string> {
    const body = { name, role: name, model, llm_provider_id: this.#provider, ...more }
    const made = await this.tenant.admin.ask(agentsApi.create.reply, "POST", "/agents", { body })
    return made.agent.id
  }

  /** A tool that has an effect at the receiver, which a person is asked about before. */
  async riskyTool(name: string): Promise<string> {
    const { tool } = await this.tenant.admin.ask(toolsApi.create.reply, "POST", "/tools", {
      body: {
        name,
        description: "Sends a mail.",
        kind: "http",
        risk: "write",
        needs_approval: true,
        input_schema: { type: "object", properties: { to: { type: "string" } }, required: ["to"] },
        execution_config: { method: "POST", url: `${this.receiver.url}/${name}`, body: "{{ input }}" },
      },
    })
    return tool.id
  }

  async crew(name: string, { agents, manager, tasks, config = {} }: Team): Promise<string> {
    const { crew, findings } = await this.tenant.admin.ask(crewsApi.create.reply, "POST", "/crews", {
      body: {
        name,
        collaboration_pattern: manager === undefined ? "sequential" : "hierarchical",
        agents: Object.entries(agents).map(([position, agent_id]) => ({ position, agent_id })),
        tasks,
        config: { ...(manager === undefined ? {} : { manager }), ...config },
      },
    })
    if (findings.length > 0) throw new Error(JSON.stringify(findings))
    return crew.id
  }

  /** What the vendor has answered since it had been asked so often: by its own figures and the price list. */
  billed(since: number): { tokens: number; micros: number } {
    const asked = this.vendor.requests.slice(since).flatMap(({ body }) => {
      const { model } = body as { model?: string }
      return model === undefined ? [] : [model]
    })
    const used = {
      input_tokens: usage.prompt_tokens,
      output_tokens: usage.completion_tokens,
      estimated: false,
    }
    return {
      tokens: asked.length * usage.total_tokens,
      micros: asked.reduce((sum, model) => sum + cost(used, priceOf(priceTable, "openai", model)!), 0),
    }
  }

  /** Signs the tenant's first admin in. */
  async visit(
    browser: Browser,
    viewport: { width: number; height: number },
  ): Promise<{ page: Page; visitor: Visitor }> {
    const visitor = await Visitor.arrive(browser, this.server.address, viewport)
    const { page } = visitor
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
    await signIn(page, this.tenant)
    return { page, visitor }
  }
}
