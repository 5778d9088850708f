import * as z from "zod"
import { cost, type Price } from "#core/llm/price"
import type { Micros } from "#core/money"

/** What one node took in one execution, all its calls and iterations together. */
export type Taken = { input_tokens: number; output_tokens: number; cost_micros: Micros }

/** A node that calls models, and what is known of it. */
export type Spender = {
  node_id: string
  /** Today's price where the node itself names what it calls; an agent, a crew or a called flow has models of its own. */
  price: Price | undefined
  /** Whether the model is this node's own, so that a missing price is a gap. */
  names_model: boolean
  /** Tokens of what it always sends; its expressions add to them. */
  written_tokens: number
  /** Tokens of the words that every execution sends which comes to its end; absent where it may be passed by. */
  certain_tokens?: number | undefined
  /** The most that one call may answer, where the node says so. */
  max_tokens: number | undefined
  /** Whether it stands in a map or a loop, which may call it any number of times. */
  repeats: boolean
  /** What it took in the last executions in which anything was called, nothing where it was not reached. */
  past: readonly Taken[]
}

/**
 * Why an amount is less sure than it looks: the model has no price, the node never ran, it has models of its own that are not
 * known yet, or it stands in a map or a loop and is counted once.
 */
export const Gap = z.enum(["no_price", "never_ran", "not_counted", "repeats"])
export type Gap = z.infer<typeof Gap>

const amounts = {
  least: z.int().min(0),
  likely: z.int().min(0),
  /** The dearest; null where nothing bounds it. */
  most: z.int().min(0).nullable(),
}
const Spending = z.object({ node_id: z.string(), ...amounts, gaps: z.array(Gap) })
type Spending = z.infer<typeof Spending>

/** Whole micro-USD for one execution, and what of it each node takes. */
export const Estimate = z.object({ ...amounts, nodes: z.array(Spending) })
export type Estimate = z.infer<typeof Estimate>

/** An answer of a few paragraphs: what is taken for a call that has never been made. */
export const usualAnswer = 400

/** What an execution may cost, from what its nodes took before and, where they never ran, from what is written in them. */
export function estimate(spenders: readonly Spender[]): Estimate {
  const nodes = spenders.map(spendingOf)
  const sum = (of: (one: Spending) => Micros): Micros => nodes.reduce((total, one) => total + of(one), 0)
  return {
    least: sum((one) => one.least),
    likely: sum((one) => one.likely),
    most: nodes.some((one) => one.most === null) ? null : sum((one) => one.most ?? 0),
    nodes,
  }
}

function spendingOf(spender: Spender): Spending {
  const ran = spender.past.some(({ input_tokens, output_tokens }) => input_tokens + output_tokens > 0)
  return ran ? fromPast(spender) : fromText(spender)
}

/** Tokens are paid by today's price; where the models are another's own, by what was paid. */
function fromPast({ node_id, price, names_model, past }: Spender): Spending {
  const paid = past
    .map(({ cost_micros, ...tokens }) => (price ? cost({ ...tokens, estimated: true }, price) : cost_micros))
    .toSorted((one, other) => one - other)
  return {
    node_id,
    least: paid[0] ?? 0,
    likely: middle(paid),
    most: paid.at(-1) ?? 0,
    gaps: names_model && !price ? ["no_price"] : [],
  }
}

const middle = (sorted: readonly Micros[]): Micros => {
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0]
  return Math.ceil((low + high) / 2)
}

/** A node that never ran costs at least its words and the shortest answer where it is reached for certain, and else nothing. */
function fromText(spender: Spender): Spending {
  const { node_id, price, names_model, written_tokens, certain_tokens, max_tokens, repeats } = spender
  const gaps: Gap[] = ["never_ran", ...(repeats ? ["repeats" as const] : [])]
  if (!names_model) return { node_id, least: 0, likely: 0, most: null, gaps: ["not_counted", ...gaps] }
  if (!price) return { node_id, least: 0, likely: 0, most: null, gaps: ["no_price", ...gaps] }
  const isFree = price.input === 0 && price.output === 0
  if (isFree) return { node_id, least: 0, likely: 0, most: 0, gaps: [] }
  const answer = Math.min(max_tokens ?? usualAnswer, usualAnswer)
  const likely = cost({ input_tokens: written_tokens, output_tokens: answer, estimated: true }, price)
  return {
    node_id,
    least: certain_tokens === undefined ? 0 : leastOf(certain_tokens, price),
    likely,
    most: null,
    gaps,
  }
}

/** What was sent before may be read again for less. */
const leastOf = (input_tokens: number, price: Price): Micros =>
  cost(
    { input_tokens, output_tokens: 1, estimated: true },
    { ...price, input: Math.min(price.input, price.cache_read ?? price.input) },
  )

const frames = new Set(["map", "loop", "group"])
const withOwnModels = new Set(["agent", "crew", "subflow", "tool"])

/** Whether a node calls models by itself, has others that do, or neither. */
export const spends = (type: string): "own" | "others" | undefined =>
  type === "llm" || type === "classify" ? "own" : withOwnModels.has(type) ? "others" : undefined

/**
 * The drawn node that a call belongs to, by the call's node and the scope path that it stood under: what an agent, a crew or a
 * called flow does inside is theirs. Undefined where the graph no longer has it.
 */
export function spenderOf(
  types: ReadonlyMap<string, string>,
  scope: string,
  node_id: string,
): string | undefined {
  for (const step of scope === "" ? [] : scope.split("/")) {
    const id = step.replace(/\[\d+\]$/, "")
    const type = types.get(id)
    if (type === undefined || !frames.has(type)) return type === undefined ? undefined : id
  }
  return types.has(node_id) ? node_id : undefined
}
