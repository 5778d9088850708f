import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowGraph, JsonSchema } from "#core/flow/graph"
import { isValid } from "#core/flow/finding"
import { validateFlow } from "#core/flow/validate"
import { Failure, found } from "#core/errors"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { unveiled, usableIn } from "#worker/db/shares"
import * as triggers from "#worker/db/triggers-of-flows"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import { settleCanvas } from "#worker/services/canvas/settle"
import { namedOnly, pinsOf } from "./pins.ts"

/** A graph that can be executed: checked, hashed, and as the text that a lane keeps. */
export type Frozen = {
  flow: { id: FlowId; name: string; version: number | null }
  definition: string
  graph: string
  input_schema: JsonSchema | undefined
  settings: FlowGraph["settings"]
  timeout_ms: number
  /** Whether somebody is to be told when an execution of it ends. */
  followed: boolean
  /** The flows that it calls. */
  calls: readonly string[]
  /** Whether it names agents, crews or tools, which change without a version of the flow. */
  isOfOthers: boolean
}

export type WantedVersion = number | "draft" | undefined

const lifeMs = 5_000
const mostKept = 1_000
/** A lane keeps the graph in one row, which holds 2 MB. */
const mostText = 1_500_000
const defaultTimeoutMs = 3_600_000

/** Published versions by tenant and flow. Versions never change; which one is published may, so it is asked again after 5 s. */
const published = new Map<string, { frozen: Frozen; until: number }>()

const keyOf = (ctx: Ctx, id: FlowId): string => `${ctx.tenant.id}/${id}`

/** What is to be executed: the version that is asked for, else the published one, else the draft. */
export async function frozenFlow(env: Env, ctx: Ctx, id: FlowId, wanted: WantedVersion): Promise<Frozen> {
  const key = keyOf(ctx, id)
  const known = wanted === undefined ? published.get(key) : undefined
  if (known && known.until > ctx.now) return known.frozen
  const flow = found(await flows.byId(ctx.db, id), "flow.not_found")
  const number = wanted ?? flow.published_version ?? "draft"
  const isFollowed = await triggers.hasFollowers(ctx.db, id)
  // What is published, somebody has vouched for who may use all that it names; a draft does no more than who executes it.
  const freeze = (version: number | null, graph: FlowGraph, digest: string) =>
    frozen(
      { ...ctx, db: version === null ? usableIn(ctx.db) : unveiled(ctx.db) },
      { id: flow.id, name: flow.name, version },
      graph,
      digest,
      isFollowed,
    )
  if (number === "draft") {
    const draft = flow.has_canvas ? await draftNow(env, ctx, id) : flow
    return freeze(null, draft.graph, draft.graph_digest)
  }
  const version = found(await flows.versionOf(ctx.db, id, number), "flow.version_not_found")
  const made = await freeze(number, version.graph, version.definition)
  // Agents, crews and tools may change without a version of the flow; whoever names them is frozen anew.
  if (wanted === undefined && !made.isOfOthers) keep(key, made, ctx.now + lifeMs)
  return made
}

/** The draft as it is on the canvas at this moment. */
async function draftNow(env: Env, ctx: Ctx, id: FlowId): Promise<flows.FlowRow> {
  await settleCanvas(env, ctx, id)
  return found(await flows.byId(ctx.db, id), "flow.not_found")
}

function keep(key: string, frozen: Frozen, until: number): void {
  published.delete(key)
  published.set(key, { frozen, until })
  if (published.size > mostKept) published.delete(published.keys().next().value!)
}

/** Called by every verb that changes which version is published, or whether the flow exists. Whoever calls it is frozen anew too. */
export function forgetFrozen(ctx: Ctx, id: FlowId): void {
  published.delete(keyOf(ctx, id))
  for (const [key, { frozen }] of published) {
    if (frozen.calls.includes(id) && key.startsWith(ctx.tenant.id)) published.delete(key)
  }
}

async function frozen(
  ctx: Ctx,
  flow: Frozen["flow"],
  graph: FlowGraph,
  digest: string,
  isFollowed: boolean,
): Promise<Frozen> {
  const findings = validateFlow(graph)
  if (!isValid(findings)) {
    const errors = findings.filter((one) => one.severity === "error").slice(0, 50)
    throw new Failure("flow.invalid", {
      detail: `The flow cannot be executed: ${errors[0]!.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ""}`,
      errors: errors.map((one) => ({
        path: [one.node_id ?? one.edge_id, one.path].filter(Boolean).join("."),
        message: one.message,
      })),
      more: { findings: errors },
    })
  }
  const pins = await pinsOf(ctx, flow, graph)
  const { callees, ...others } = namedOnly(pins)
  const calls = Object.values(callees ?? {})
  const isOfOthers = Object.keys(others).length > 0
  const whole: FrozenGraph = { ...graph, ...namedOnly(pins) }
  const text = withinSize(JSON.stringify(whole))
  return {
    flow,
    definition: calls.length > 0 || isOfOthers ? digestOf(text) : digest,
    graph: text,
    input_schema: graph.input_schema,
    settings: graph.settings,
    timeout_ms: (graph.settings.timeout_seconds ?? defaultTimeoutMs / 1000) * 1000,
    followed: isFollowed || graph.settings.error_flow_id !== undefined,
    calls: calls.map((one) => one.flow_id),
    isOfOthers,
  }
}

/** The text of a frozen graph, if a lane can keep it. */
export function withinSize(text: string): string {
  if (text.length <= mostText) return text
  throw new Failure("flow.too_large", {
    detail:
      "The flow and the flows, agents, crews and tools that it names are together larger than 1.5 MB. Name fewer, or smaller ones.",
  })
}
