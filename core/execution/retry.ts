import { timeoutHandle } from "#core/flow/kinds/approval"
import { elseHandle } from "#core/flow/kinds/condition"
import { CommonData } from "#core/flow/kinds/kind"
import { kindOf } from "#core/flow/kinds"
import type { FlowNode } from "#core/flow/graph"
import type { NewEvent, StepError } from "./event.ts"

/** An error of a step, with what the retry policy wants to know of it. */
export type StepFault = StepError & { retry: boolean; retry_after_ms?: number | undefined }

const mostWaitMs = 600_000

/**
 * What follows from a failed attempt: another attempt after a wait, the error route, a value in its place, or failure.
 * `jitter` is a number in [0, 1): waits spread over the upper half, so that many steps do not come back at once. Attempts that
 * the server's stopping cut off are none of those that the node allows itself.
 */
export function afterFault(
  node: FlowNode,
  scope: string,
  attempt: number,
  fault: StepFault,
  now: number,
  jitter: number,
  interruptions = 0,
): NewEvent {
  const tries = attempt - interruptions
  const { retry, on_error, error_value } = CommonData.partial().parse(commonOf(node))
  // What failed inside a body is the step in there.
  const error: StepError = { code: fault.code, message: fault.message, node_id: fault.node_id ?? node.id }
  const place = { node_id: node.id, ...(scope ? { scope } : {}), attempt }
  if (retry && tries < retry.max_attempts && isWanted(fault, retry.on)) {
    const wait = Math.min(retry.backoff_ms * retry.factor ** (tries - 1), mostWaitMs)
    const spread = Math.max(wait * (0.5 + jitter / 2), fault.retry_after_ms ?? 0)
    return { type: "node.retrying", ...place, data: { error, due: new Date(now + spread).toISOString() } }
  }
  if (
    on_error === "route" &&
    kindOf(node.type)
      ?.handles(node.data)
      .some((handle) => handle.id === "error")
  ) {
    return { type: "node.failed", ...place, data: { error, handles: ["error"] } }
  }
  if (on_error === "continue")
    return {
      type: "node.failed",
      ...place,
      data: { error, handles: [onward(node)], output: error_value ?? null },
    }
  return { type: "node.failed", ...place, data: { error, handles: [] } }
}

/** Where a step that carries on after an error leads: by the plain way out, else by `else` or the timeout route. */
function onward(node: FlowNode): string {
  const ids =
    kindOf(node.type)
      ?.handles(node.data)
      .map((handle) => handle.id) ?? []
  return [elseHandle.id, timeoutHandle.id].find((id) => ids.includes(id)) ?? "out"
}

/** A named code or beginning of one decides; without names, errors that may pass by themselves. */
const isWanted = (fault: StepFault, on: string[] | undefined): boolean =>
  on === undefined
    ? fault.retry
    : on.some((one) => fault.code === one || fault.code.startsWith(one.endsWith(".") ? one : `${one}.`))

function commonOf(node: FlowNode): Record<string, unknown> {
  const { timeout_ms, retry, on_error, error_value } = node.data
  const given = { timeout_ms, retry, on_error, error_value }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
