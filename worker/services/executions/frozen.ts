import type { FlowGraph, JsonSchema } from "#core/flow/graph"
import { isValid, validateFlow } from "#core/flow/validate"
import { Failure, found } from "#core/errors"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"

/** A graph that can be executed: checked, hashed, and as the text that a lane keeps. */
export type Frozen = {
  flow: { id: FlowId; name: string; version: number | null }
  definition: string
  graph: string
  input_schema: JsonSchema | undefined
  timeout_ms: number
}

export type WantedVersion = number | "draft" | undefined

const lifeMs = 5_000
const mostKept = 1_000
const defaultTimeoutMs = 3_600_000

/** Published versions by tenant and flow. Versions never change; which one is published may, so it is asked again after 5 s. */
const published = new Map<string, { frozen: Frozen; until: number }>()

const keyOf = (ctx: Ctx, id: FlowId): string => `${ctx.tenant.id}/${id}`

/** What is to be executed: the version that is asked for, else the published one, else the draft. */
export async function frozenFlow(ctx: Ctx, id: FlowId, wanted: WantedVersion): Promise<Frozen> {
  const key = keyOf(ctx, id)
  const known = wanted === undefined ? published.get(key) : undefined
  if (known && known.until > ctx.now) return known.frozen
  const flow = found(await flows.byId(ctx.db, id), "flow.not_found")
  const number = wanted ?? flow.published_version ?? "draft"
  if (number === "draft") return frozen(flow.id, flow.name, null, flow.graph, flow.graph_digest)
  const version = found(await flows.versionOf(ctx.db, id, number), "flow.version_not_found")
  const made = frozen(flow.id, flow.name, number, version.graph, version.definition)
  if (wanted === undefined) keep(key, made, ctx.now + lifeMs)
  return made
}

function keep(key: string, frozen: Frozen, until: number): void {
  published.delete(key)
  published.set(key, { frozen, until })
  if (published.size > mostKept) published.delete(published.keys().next().value!)
}

/** Called by every verb that changes which version is published, or whether the flow exists. */
export function forgetFrozen(ctx: Ctx, id: FlowId): void {
  published.delete(keyOf(ctx, id))
}

function frozen(
  id: FlowId,
  name: string,
  version: number | null,
  graph: FlowGraph,
  definition: string,
): Frozen {
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
  return {
    flow: { id, name, version },
    definition,
    graph: JSON.stringify(graph),
    input_schema: graph.input_schema,
    timeout_ms: (graph.settings.timeout_seconds ?? defaultTimeoutMs / 1000) * 1000,
  }
}
