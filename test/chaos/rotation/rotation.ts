import { randomBytes } from "node:crypto"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { isSettled } from "../../../core/execution/status.ts"
import { freePort } from "../../../scripts/lib/ports.ts"
import { startOpenAiServer, type OpenAiServer } from "../../kit/llm/openai-server.ts"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { newState, Server } from "../../kit/server.ts"
import { Client } from "../kit/client.ts"
import { draw } from "../kit/draw.ts"
import { canary, found, foundInCommands, foundOnDisk, readAll } from "./canaries.ts"
import { furnishTools, openWorkshop, wrongAtTools, type ToolSecrets } from "./tools.ts"

export interface RotationReport {
  /** Calls of models that were answered, and those that the vendor or the receiver refused. */
  calls: number
  refused: string[]
  /** Executions that did not succeed. */
  failed: string[]
  executions: number
  tenantRotations: number
  /** Changes of the installation's key, each with a restart in the middle of calls. */
  installationRotations: number
  canaries: number
  /** Answers that were read for secrets. */
  answers: number
  leaks: string[]
  ms: number
}

const firstPort = 9350
const together = 8
const perExecution = 10
/** Each so many-th execution is one of tools. */
const toolsEvery = 5
const mostMs = 180_000
const secretsCount = 40
const toolSecretsCount = 6
/** How often the command lines of all processes are read. */
const lookMs = 100

/** Model calls and requests with sealed keys, while the tenant's keys and the installation's are changed; then a search for each key. */
export async function rotatedKeys(calls: number): Promise<RotationReport> {
  const since = performance.now()
  const canaries = Array.from({ length: secretsCount }, canary)
  const [vendorKey = "", sentKey = "", ...others] = canaries
  const secrets = toolSecrets(others)
  const vendor = await startOpenAiServer({ apiKey: vendorKey })
  const receiver = await startReceiver()
  const workshop = await openWorkshop()
  const place = new Installation([vendor.host, receiver.host, workshop.echo.host, workshop.mcp.host])
  try {
    await place.start()
    const client = await Client.register(place.address)
    const heard: string[] = []
    client.hear = (text) => void heard.push(text)
    const flow = await furnish(client, vendor, receiver, { canaries, vendorKey, sentKey })
    const toolFlow = await furnishTools(client, workshop, secrets, (secret) => sealed(client, secret))
    const commands = new Set<string>()
    const looking = setInterval(() => foundInCommands(canaries).forEach((one) => commands.add(one)), lookMs)
    // Executions of tools call no model.
    const wanted = Math.ceil(((calls / perExecution) * toolsEvery) / (toolsEvery - 1))
    const ids: string[] = []
    const progress = { done: 0 }
    const rotating = rotate(client, place, () => progress.done / wanted)
    let left = wanted
    let begun = 0
    const failed: string[] = []
    const work = async (): Promise<void> => {
      while (left-- > 0) {
        const items = Array.from({ length: perExecution }, (_, i) => i)
        const id = await client.start(begun++ % toolsEvery === 0 ? toolFlow : flow, { items })
        ids.push(id)
        failed.push(...(await endOf(client, id)))
        progress.done++
      }
    }
    await Promise.all(Array.from({ length: together }, work)).finally(() => clearInterval(looking))
    const rotations = await rotating
    const answers = await readAll(client, ids, [flow, toolFlow])
    await place.stop()
    return {
      calls: vendor.requests.filter(({ path }) => path === "/v1/chat/completions").length,
      refused: [...refusals(vendor, receiver), ...wrongAtTools(workshop, secrets)],
      failed,
      executions: ids.length,
      ...rotations,
      canaries: canaries.length,
      answers,
      leaks: [
        ...found("an answer", heard.join("\n"), canaries),
        ...found("the log", place.output, canaries),
        ...commands,
        ...foundOnDisk(place.state, canaries),
      ],
      ms: performance.now() - since,
    }
  } finally {
    await place.stop()
    place.clear()
    await vendor.close()
    await receiver.close()
    await workshop.close()
  }
}

/** Secrets that tools have; the credentials and providers of the others are never used. */
function toolSecrets(canaries: readonly string[]): ToolSecrets {
  const [header = "", bearer = "", operation = "", mcp = "", mcpHeader = "", env = ""] = canaries
  return { header, bearer, operation, mcp, mcpHeader, env }
}

type Secrets = { canaries: readonly string[]; vendorKey: string; sentKey: string }

/** A flow of ten model calls and a request, both with keys, and every other secret in a place of its own. */
async function furnish(
  client: Client,
  vendor: OpenAiServer,
  receiver: Receiver,
  { canaries, vendorKey, sentKey }: Secrets,
): Promise<string> {
  const provider = await client.provider({ url: vendor.url, apiKey: vendorKey })
  const credential = await sealed(client, sentKey)
  for (const [i, secret] of canaries.slice(2 + toolSecretsCount).entries()) {
    if (i % 2 === 0) {
      await sealed(client, secret)
      continue
    }
    // Vendors repeat parts of a key that they refuse.
    const id = await client.provider({ url: vendor.url, apiKey: secret })
    await client.request("POST", `/llm-providers/${id}/test`)
  }
  return client.publish(
    draw(
      "Calls with keys",
      [
        { id: "input", type: "input", data: {} },
        { id: "each", type: "map", data: { items: "{{ input.items }}", concurrency: 5 } },
        {
          id: "say",
          type: "llm",
          parent_id: "each",
          data: { llm_provider_id: provider, model: "gpt-test", prompt: "Say {{ item }}." },
        },
        {
          id: "send",
          type: "http",
          data: {
            method: "PUT",
            url: `${receiver.url}/{{ execution.id }}`,
            body: {},
            credentials: credential,
            may_repeat: true,
          },
        },
        { id: "output", type: "output", data: { value: "{{ 'over' }}" } },
      ],
      [
        ["input", "each"],
        ["each", "send"],
        ["send", "output"],
      ],
    ),
  )
}

async function sealed(client: Client, secret: string): Promise<string> {
  const { status, text } = await client.request("POST", "/credentials", {
    name: `Key ${crypto.randomUUID().slice(0, 8)}`,
    kind: "bearer",
    secret,
    allowed_hosts: ["127.0.0.1"],
  })
  const { credential } = JSON.parse(text) as { credential?: { id: string } }
  if (!credential) throw new Error(`A credential was answered ${status}: ${text}`)
  return credential.id
}

/** The tenant's key every now and then; the installation's at a third and at two thirds of the way. */
async function rotate(
  client: Client,
  place: Installation,
  progress: () => number,
): Promise<Pick<RotationReport, "tenantRotations" | "installationRotations">> {
  const done = { tenantRotations: 0, installationRotations: 0 }
  while (progress() < 1) {
    if (done.installationRotations < 2 && progress() >= (done.installationRotations + 1) / 3) {
      await place.changeKey()
      done.installationRotations++
    }
    // Sixteen keys wait for their hour at most.
    if (done.tenantRotations < 12 && progress() >= done.tenantRotations / 12) {
      const { status, text } = await client.request("POST", "/secrets/rotate")
      if (status !== 200) throw new Error(`A rotation was answered ${status}: ${text}`)
      done.tenantRotations++
    }
    await sleep(50)
  }
  return done
}

async function endOf(client: Client, id: string): Promise<string[]> {
  const until = performance.now() + mostMs
  for (;;) {
    const { status, error } = await client.look(id)
    if (status === "succeeded") return []
    if (isSettled(status) || performance.now() > until)
      return [`${id} is ${status}: ${JSON.stringify(error)}`]
    await sleep(60)
  }
}

/** Calls that came without the key that belongs to them. */
function refusals(vendor: OpenAiServer, receiver: Receiver): string[] {
  const wrong = vendor.requests.filter(
    ({ path, headers }) =>
      path === "/v1/chat/completions" && headers.authorization !== `Bearer ${vendor.apiKey}`,
  )
  return [
    ...wrong.map(({ headers }) => `a call came with ${headers.authorization ?? "no key"}`),
    ...(receiver.sent.length === 0 ? ["no request came at all"] : []),
  ]
}

/** A server on a state folder of its own, which is stopped and started with another key of the installation. */
class Installation {
  readonly state = newState()
  readonly #allow: string[]
  #server: Server | undefined
  #port = 0
  #said: string[] = []

  constructor(allow: string[]) {
    this.#allow = allow
  }

  get address(): string {
    return this.#server!.address
  }

  get output(): string {
    return this.#said.join("")
  }

  async start(): Promise<void> {
    this.#port ||= await freePort(firstPort)
    this.#server = await Server.startAgain({
      state: this.state,
      port: this.#port,
      settings: { EDGECREW_EGRESS_ALLOW: this.#allow.join(","), EDGECREW_SANDBOX: "1" },
      hear: (text) => void this.#said.push(text),
    })
  }

  /** A new key before those there are, as the manual says. */
  async changeKey(): Promise<void> {
    await this.stop()
    const file = join(this.state, "keys.json")
    const keys = JSON.parse(readFileSync(file, "utf8")) as { SECRETS_KEK: string }
    const older = keys.SECRETS_KEK.includes(":") ? keys.SECRETS_KEK : `k1:${keys.SECRETS_KEK}`
    const fresh = `k${older.split(",").length + 1}:${randomBytes(32).toString("base64")}`
    writeFileSync(file, JSON.stringify({ ...keys, SECRETS_KEK: `${fresh},${older}` }), { mode: 0o600 })
    await this.start()
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  clear(): void {
    rmSync(this.state, { recursive: true, force: true })
  }
}
