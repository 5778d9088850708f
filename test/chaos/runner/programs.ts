import { readFileSync } from "node:fs"
import { at } from "../../../scripts/lib/paths.ts"
import type { Client } from "../kit/client.ts"
import { draw, type Link, type Step } from "../kit/draw.ts"

/** The same deed in three languages. */
const source = (file: string): string => readFileSync(at("test", "chaos", "runner", "acts", file), "utf8")
const sources = { python: source("act.py"), node: source("act.mjs"), bash: source("act.sh") }

/** Steps in a row, each with an effect but the one that is no program of its own. */
const tools = [
  { id: "snake", runtime: "python", may_repeat: true },
  { id: "script", runtime: "node", may_repeat: true },
  { id: "hasty", runtime: "python", may_repeat: true, data: { timeout_ms: 8_000 } },
  { id: "shell", runtime: "bash", may_repeat: true },
  { id: "careful", runtime: "python", may_repeat: false },
] as const

/** The step that a person must decide about when it was cut off. */
export const careful = "careful"
export const programs: readonly string[] = tools.map(({ id }) => id)

export const effectsOf = (execution: string): string[] => programs.map((id) => `${execution}/${id}`)

/** Publishes flows of Python, Node and shell programs and a function; answers with their ids. `target` is where they act. */
export async function publishPrograms(client: Client, target: URL): Promise<string[]> {
  const ids = new Map<string, string>()
  for (const tool of tools) ids.set(tool.id, await client.tool(definition(tool, target)))
  const flows: string[] = []
  // Each begins with another of them, so that a kill finds every one under way.
  for (let first = 0; first < tools.length; first++)
    flows.push(await client.publish(flow([...tools.slice(first), ...tools.slice(0, first)], ids)))
  return flows
}

type Tool = (typeof tools)[number]

const definition = ({ id, runtime, may_repeat }: Tool, target: URL) => ({
  kind: "container",
  name: `chaos_${id}`,
  description: "Acts once, and adds one",
  input_schema: {
    type: "object",
    properties: { n: { type: "number" }, name: { type: "string" } },
    required: ["n", "name"],
  },
  execution_config: {
    runtime,
    source: sources[runtime],
    env: { TARGET: target.href },
    egress: [target.host],
    timeout_seconds: 30,
    may_repeat,
  },
})

const adding = "export default (input) => ({ n: input.n + 1 })"
const retry = { max_attempts: 10, backoff_ms: 20, factor: 1 }

function flow(order: readonly Tool[], ids: ReadonlyMap<string, string>) {
  const steps = order.map((tool, i): Step => ({
    id: tool.id,
    type: "tool",
    data: {
      tool_id: ids.get(tool.id),
      inputs: { n: `{{ nodes.${order[i - 1]?.id ?? "sum"}.n }}`, name: `{{ execution.id }}/${tool.id}` },
      retry,
      ...("data" in tool ? tool.data : {}),
    },
  }))
  const row: Step[] = [
    { id: "input", type: "input", data: {} },
    { id: "sum", type: "code", data: { source: adding, retry } },
    ...steps,
    { id: "output", type: "output", data: { value: `{{ nodes.${order.at(-1)?.id}.n }}` } },
  ]
  const links = row.slice(1).map((step, i): Link => [row[i]?.id ?? "", step.id])
  return draw(`Programs from ${order[0]?.id}`, row, links)
}

export const expected = (n: number): number => n + 1 + tools.length
