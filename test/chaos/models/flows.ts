import type { Client } from "../kit/client.ts"
import { draw, type Link, type Step } from "../kit/draw.ts"
import { endless } from "./vendor.ts"

/** Prices are known of these, so that the ledger has a cost. */
const [first, second] = ["gpt-4o-mini", "gpt-4.1-nano"] as const
/** Longer than a busy machine takes for a step, shorter than it takes to run out of patience. */
const patience = { first_token_ms: 6_000, idle_ms: 6_000 }
const alias = "steady"

/** What executions are made of, each with how many of twenty it has. */
export type Flows = { id: string; share: number; name: string }[]

const input: Step = { id: "input", type: "input", data: {} }
const output: Step = { id: "output", type: "output", data: { value: "{{ 'over' }}" } }
const line = (id: string): Link[] => [
  ["input", id],
  [id, "output"],
]
const schema = {
  type: "object",
  properties: { summary: { type: "string" }, score: { type: "number" } },
  required: ["summary", "score"],
  additionalProperties: false,
}
const llm = (id: string, data: object): Step => ({
  id,
  type: "llm",
  data: { prompt: "Say it, {{ input.n }}.", ...data },
})

/** Models behind an alias and named by themselves, filled schemas, agents with a tool, and answers that nobody waits for. */
export async function publishFlows(
  client: Client,
  vendor: { url: string; apiKey: string },
  receiver: string,
): Promise<Flows> {
  const provider = await client.provider(vendor, "openai")
  const targets = [first, second].map((model, order) => ({ llm_provider_id: provider, model, order }))
  await client.alias({ name: alias, targets, settings: { retries: 2, max_wait_ms: 1_500, ...patience } })
  await client.alias({ name: "once", targets: targets.slice(0, 1), settings: { retries: 0, ...patience } })
  const tool = {
    name: "act",
    description: "Does what it is named after",
    kind: "http",
    input_schema: {
      type: "object",
      properties: { effect: { type: "string" } },
      required: ["effect"],
      additionalProperties: false,
    },
    execution_config: { method: "POST", url: `${receiver}/{{ input.effect }}`, body: {}, may_repeat: true },
  }
  const agent = await client.agent(tool, { name: "Doer", model: alias, goal: "See to it." })
  const drawn: [share: number, ReturnType<typeof draw>][] = [
    [5, draw("By an alias", [input, llm("say", { model: alias }), output], line("say"))],
    [
      3,
      draw(
        "By a schema",
        [input, llm("fill", { model: alias, output_schema: schema }), output],
        line("fill"),
      ),
    ],
    [
      5,
      draw(
        "By an agent",
        [
          input,
          { id: "work", type: "agent", data: { agent_id: agent, task: "See to {{ input.n }}." } },
          output,
        ],
        line("work"),
      ),
    ],
    [
      3,
      draw(
        "Tried again by its node",
        [input, llm("say", { model: "once", retry: { max_attempts: 3, backoff_ms: 50, factor: 1 } }), output],
        line("say"),
      ),
    ],
    // A second try is the execution's own: `retry`.
    [
      2,
      draw(
        "Failing",
        [input, llm("one", { model: "once" }), llm("two", { model: "once" }), output],
        [
          ["input", "one"],
          ["one", "two"],
          ["two", "output"],
        ],
      ),
    ],
    [2, abandoned(provider, receiver)],
  ]
  return Promise.all(
    drawn.map(async ([share, flow]) => ({ id: await client.publish(flow), share, name: flow.name })),
  )
}

/** A model has begun to answer when another step ends the execution; it is paid for as far as it came. */
function abandoned(provider: string, receiver: string) {
  const url = `${receiver}/fails/{{ execution.id }}`
  return draw(
    "Abandoned",
    [
      input,
      llm("say", { llm_provider_id: provider, model: first, prompt: endless }),
      { id: "wait", type: "wait", data: { seconds: 2 } },
      { id: "fail", type: "http", data: { method: "GET", url } },
      output,
    ],
    [
      ["input", "say"],
      ["input", "wait"],
      ["wait", "fail"],
      ["say", "output"],
      ["fail", "output"],
    ],
  )
}
