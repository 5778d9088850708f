import { can } from "#core/access/roles"
import { found } from "#core/errors"
import { estimate, spenderOf, spends, type Estimate, type Spender, type Taken } from "#core/flow/estimate"
import { partsOf } from "#core/flow/expression/parts"
import type { FlowGraph, FlowNode } from "#core/flow/graph"
import { isCertain } from "#core/flow/reach"
import type { ExecutionId, FlowId, ProviderId } from "#core/ids"
import { builtinModel } from "#core/llm/builtin/builtin"
import { appliedPrice, type Price } from "#core/llm/price"
import { countTokens } from "#core/llm/tokens"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import * as providers from "#worker/db/llm-providers"
import * as aliases from "#worker/db/model-aliases"
import * as spans from "#worker/db/spans"

/** So many executions are looked back on. */
const mostExecutions = 20
/** A map of ten thousand items leaves as many rows; the oldest executions are left out before one is counted in part. */
const mostRows = 20_000

/**
 * What an execution of the draft may cost: by the last executions where the caller may see those, else by what is written in it.
 */
export async function estimateFlow(
  ctx: Ctx,
  id: FlowId,
): Promise<{ estimate: Estimate; executions: number }> {
  allow(ctx.actor, "flow.read")
  const { graph } = found(await flows.byId(ctx.db, id), "flow.not_found")
  const taken = can(ctx.actor, "execution.read") ? await lastTaken(ctx, id, graph) : []
  const price = pricing(ctx)
  const spenders = await Promise.all(
    graph.nodes.flatMap((node) => {
      const past = taken.map((one) => one.get(node.id) ?? nothing)
      const is = spends(node.type)
      // A tool is a flow or a server that asks models only where it did so before.
      const isQuiet = node.type === "tool" && past.every((one) => one === nothing)
      return is === undefined || isQuiet ? [] : [spender(node, is, graph, past, price)]
    }),
  )
  return { estimate: estimate(spenders), executions: taken.length }
}

const nothing: Taken = { input_tokens: 0, output_tokens: 0, cost_micros: 0 }

/** What each node took in each of the last executions. */
async function lastTaken(ctx: Ctx, id: FlowId, graph: FlowGraph): Promise<Map<string, Taken>[]> {
  const ids = await spans.lastSucceeded(ctx.db, id, mostExecutions)
  if (ids.length === 0) return []
  const rows = await spans.takenByModels(ctx.db, ids, mostRows)
  // The last that came may be there in part only, and those that are older not at all.
  const cut = rows.length === mostRows ? rows.at(-1)!.execution_id : ""
  const whole = ids.filter((one) => one > cut)
  const types = new Map(graph.nodes.map((node) => [node.id, node.type]))
  const taken = new Map<ExecutionId, Map<string, Taken>>(whole.map((one) => [one, new Map()]))
  for (const { execution_id, node_id, scope, ...tokens } of rows) {
    const of = taken.get(execution_id)
    const owner = spenderOf(types, scope, node_id ?? "")
    if (of && owner !== undefined) of.set(owner, added(of.get(owner) ?? nothing, tokens))
  }
  return [...taken.values()]
}

const added = (one: Taken, other: Taken): Taken => ({
  input_tokens: one.input_tokens + other.input_tokens,
  output_tokens: one.output_tokens + other.output_tokens,
  cost_micros: one.cost_micros + other.cost_micros,
})

type Pricing = (provider_id: ProviderId | undefined, model: string | undefined) => Promise<Price | undefined>

/** The price of what a node names today, each asked for once: an alias by its first target, else a model at its provider. */
function pricing({ db }: Ctx): Pricing {
  const asked = new Map<string, Promise<Price | undefined>>()
  const find: Pricing = async (provider_id, model) => {
    const alias = model === undefined ? undefined : await aliases.byName(db, model)
    const target = alias?.targets.toSorted((one, other) => one.order - other.order)[0]
    const wanted = target?.llm_provider_id ?? provider_id
    const row = await (wanted === undefined ? providers.theDefault(db) : providers.byId(db, wanted))
    if (!row) return undefined
    const { provider_type, config } = row
    const named =
      provider_type === "builtin" ? builtinModel : (target?.model ?? model ?? config.default_model)
    return named === undefined ? undefined : appliedPrice({ provider_type, prices: config.prices }, named)
  }
  return (provider_id, model) => {
    const key = `${provider_id ?? ""} ${model ?? ""}`
    const answer = asked.get(key) ?? find(provider_id, model)
    asked.set(key, answer)
    return answer
  }
}

async function spender(
  node: FlowNode,
  is: "own" | "others",
  graph: FlowGraph,
  past: Taken[],
  price: Pricing,
): Promise<Spender> {
  const { data } = node
  const text = (field: string): string => (typeof data[field] === "string" ? data[field] : "")
  const named = (field: string): string | undefined => text(field) || undefined
  const max = data["max_tokens"]
  return {
    node_id: node.id,
    price: is === "own" ? await price(named("llm_provider_id"), named("model")) : undefined,
    names_model: is === "own",
    written_tokens: tokensOf(text),
    certain_tokens: isCertain(node, graph) ? tokensOf((field) => wordsOf(text(field))) : undefined,
    max_tokens: typeof max === "number" ? max : undefined,
    repeats: isRepeated(node, graph),
    past,
  }
}

const tokensOf = (text: (field: string) => string): number =>
  ["system", "prompt", "text"].reduce((sum, field) => sum + countTokens(text(field)), 0)

/** A template without its expressions, which may give nothing. */
function wordsOf(template: string): string {
  try {
    return partsOf(template)
      .filter((part) => typeof part === "string")
      .join("")
  } catch {
    return ""
  }
}

function isRepeated(node: FlowNode, { nodes }: FlowGraph): boolean {
  const seen = new Set<string>()
  for (let id = node.parent_id; id !== undefined && !seen.has(id);) {
    seen.add(id)
    const parent = nodes.find((one) => one.id === id)
    if (parent?.type === "map" || parent?.type === "loop") return true
    id = parent?.parent_id
  }
  return false
}
