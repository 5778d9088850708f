import { done, refused, type Outcome } from "#core/errors"
import { nodeKey, type NodeState } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { schemaFaults } from "#core/json-schema"
import type { Json } from "#core/json"
import "#durable/kit/crashpoint"
import type { ActiveExecution } from "./active.ts"
import type { ApprovalAnswer, Resolution } from "./messages.ts"
import { placeOf } from "./step-result.ts"

/** The step that asks a question. */
export const askedBy = (run: ActiveExecution, approvalId: string): NodeState | undefined =>
  Object.values(run.state.nodes).find((node) => node.approval?.approval_id === approvalId)

/** What is said to it now would be acknowledged, and nothing would follow. */
const isEnding = ({ state }: ActiveExecution): boolean =>
  isSettled(state.status) || state.status === "cancelling"

/** Takes a person's answer; the chosen button's route is taken. Whoever comes second is told who was first. */
export function answerApproval(
  run: ActiveExecution,
  known: NodeState | undefined,
  answer: ApprovalAnswer,
  at: string,
): Outcome<true> {
  const approval = known?.approval
  if (!known || !approval) return refused("approval.not_found")
  if (approval.answer) {
    return refused("approval.answered", {
      detail: `This was answered at ${approval.answer.at}: ${labelOf(approval, approval.answer.button)}.`,
    })
  }
  if (known.status !== "waiting" || isEnding(run))
    return refused("approval.closed", {
      detail: "This is no longer asked: the time is over, or the execution has ended.",
    })
  const { names, actor } = answer.by
  if (
    names !== "link" &&
    approval.assignees.length > 0 &&
    !names.some((one) => approval.assignees.includes(one))
  )
    return refused("approval.not_assigned")
  if (approval.by_others && answer.by.mayDecide !== true) return refused("approval.by_others")
  if (!approval.buttons.some((one) => one.id === answer.button)) {
    const ids = approval.buttons.map((one) => one.id).join(", ")
    return refused("request.invalid", {
      errors: [{ path: "button", message: `There is no such button. Use one of: ${ids}` }],
    })
  }
  const faults = approval.form_schema ? schemaFaults(approval.form_schema, answer.form ?? {}) : []
  if (faults.length > 0) {
    return refused("approval.form_invalid", {
      errors: faults.map(({ path, message }) => ({ path: path ? `form.${path}` : "form", message })),
    })
  }
  const { node_id, scope, attempt } = known
  const place = { ...placeOf(node_id, scope), attempt }
  const form = answer.form === undefined ? {} : { form: answer.form }
  run.emit(
    {
      type: "approval.answered",
      ...place,
      data: { approval_id: approval.approval_id, button: answer.button, ...form, actor },
    },
    at,
  )
  const output = { button: answer.button, form: answer.form ?? null, answered_by: actor, answered_at: at }
  run.emit({ type: "node.succeeded", ...place, data: { output, handles: [answer.button] } }, at)
  globalThis.crashpoint?.("approval-answered", run.id, node_id)
  return done(true)
}

const labelOf = (approval: { buttons: readonly { id: string; label: string }[] }, id: string): string =>
  approval.buttons.find((one) => one.id === id)?.label ?? id

/** Takes a call that a step waits for, or will; a second one is refused. */
export function takeCallback(run: ActiveExecution, key: string, body: Json, at: string): Outcome<true> {
  const known = run.state.nodes[key]
  if (isEnding(run)) return refused("execution.settled")
  const place = placeOf(key.slice(key.lastIndexOf("/") + 1), key.slice(0, Math.max(0, key.lastIndexOf("/"))))
  const isExpected = known === undefined || known.status === "running" || known.status === "ready"
  if (known?.status === "waiting" && known.waiting_for === "callback") {
    const attempt = known.attempt
    run.emit({ type: "callback.received", ...place, attempt, data: { body } }, at)
    run.emit({ type: "node.succeeded", ...place, attempt, data: { output: body, handles: ["out"] } }, at)
    globalThis.crashpoint?.("callback-received", run.id, known.node_id)
    return done(true)
  }
  if (!isExpected || Object.hasOwn(run.state.callbacks, key)) return refused("callback.used")
  run.emit({ type: "callback.received", ...place, data: { body } }, at)
  return done(true)
}

/** Takes a person's word on a step that was in flight when the server stopped. */
export function resolveStep(
  run: ActiveExecution,
  { step, action, output }: Resolution,
  fail: (node: NodeState) => void,
  at: string,
): Outcome<true> {
  const known = Object.values(run.state.nodes).find((node) => nodeKey(node.node_id, node.scope) === step)
  if (!known) return refused("execution.step_not_found")
  if (known.status !== "interrupted" || isEnding(run)) return refused("execution.not_interrupted")
  const place = { ...placeOf(known.node_id, known.scope), attempt: known.attempt }
  const error = known.error ?? { code: "step.interrupted", message: "The step was cut off." }
  if (action === "repeat") run.emit({ type: "node.retrying", ...place, data: { error, due: at } }, at)
  else if (action === "fail") fail(known)
  else {
    const data = { output: output ?? null, handles: ["out"], reused: true }
    run.emit({ type: "node.succeeded", ...place, data }, at)
  }
  return done(true)
}
