import { resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { iso, mostWaitSeconds, WaitData } from "#core/flow/kinds/wait"
import type { Json } from "#core/json"
import { StepFailure } from "./failure.ts"

/** When a wait is over, in ms since 1970, and whether a call ends it. */
export type WaitStep = { due: number | undefined; callback: boolean; isPast: boolean }

export async function waitStep(node: FlowNode, scope: Scope, now: number): Promise<WaitStep> {
  const data = WaitData.parse(node.data)
  const due =
    data.seconds !== undefined
      ? now +
        secondsOf(
          typeof data.seconds === "string" ? await resolveTemplate(data.seconds, scope) : data.seconds,
        ) *
          1000
      : data.until !== undefined && data.until !== ""
        ? dateOf(await resolveTemplate(data.until, scope))
        : undefined
  if (due !== undefined && due > now + mostWaitSeconds * 1000)
    throw new StepFailure(
      "wait.too_long",
      "A wait lasts a year at most. Use a schedule for what comes later.",
    )
  return { due, callback: data.callback === true, isPast: due !== undefined && due < now }
}

function secondsOf(value: Json | undefined): number {
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  if (typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0) return seconds
  throw new StepFailure(
    "wait.invalid",
    `The seconds to wait came to ${shown(value)}, which is not a number of seconds.`,
  )
}

/** ISO 8601 with a time zone (a date alone is midnight UTC), or ms since 1970. */
function dateOf(value: Json | undefined): number {
  const at =
    typeof value === "number"
      ? value
      : typeof value === "string" && iso.test(value.trim())
        ? Date.parse(value.trim())
        : Number.NaN
  if (Number.isFinite(at)) return at
  throw new StepFailure(
    "wait.invalid",
    `The date to wait for came to ${shown(value)}. Use ISO 8601 with a time zone, such as 2027-01-31T09:00:00Z.`,
  )
}

const shown = (value: Json | undefined): string =>
  value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60)
