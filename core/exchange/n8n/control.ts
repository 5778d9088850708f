import type { JsonObject } from "#core/json"
import { jsonIn, numberOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { routeName } from "../words.ts"
import { conditionOf, older, oneRule } from "./conditions.ts"
import { made, opaque, type Mapped, type StepView } from "./step.ts"

const noCounterpart = "One of its comparisons has no counterpart."

export function ifStep({ p, words }: StepView): Mapped {
  const said = objectOf(p["conditions"])
  const when = Array.isArray(said["conditions"])
    ? conditionOf(said, words)
    : older(said, words, p["combineOperation"])
  if (when === undefined) return opaque(noCounterpart)
  return made("condition", { branches: [{ id: "true", when }] }, [], ["true", "else"])
}

export function filterStep({ p, words }: StepView): Mapped {
  const said = objectOf(p["conditions"])
  const when = Array.isArray(said["conditions"])
    ? conditionOf(said, words)
    : older(said, words, p["combineConditions"])
  if (when === undefined) return opaque(noCounterpart)
  return made(
    "condition",
    { branches: [{ id: "kept", when }] },
    ["n8n leaves items out of a list; here the one value goes on, or nothing does."],
    ["kept", "else"],
  )
}

export function switchStep(step: StepView): Mapped {
  const { p, words } = step
  if (p["mode"] === "expression") return opaque("Its route is the number that an expression makes.")
  const rules = objectOf(p["rules"])
  const taken = new Set<string>()
  const handles: string[] = []
  const branches: JsonObject[] = []
  for (const [i, rule] of [...objectsOf(rules["values"]), ...objectsOf(rules["rules"])].entries()) {
    const when =
      rule["conditions"] === undefined
        ? oneRule(textOf(rule["operation"]), p["value1"], rule["value2"], words)
        : conditionOf(rule["conditions"], words)
    if (when === undefined) return opaque(noCounterpart)
    const id = routeName(textOf(rule["outputKey"]) || `route_${i + 1}`, taken)
    taken.add(id)
    branches.push({ id, when })
    handles[numberOf(rule["output"]) ?? i] = id
  }
  if (branches.length === 0) return opaque("It has no rules.")
  if (branches.length > 50) return opaque("It has more than 50 routes.")
  const fallback = objectOf(p["options"])["fallbackOutput"] ?? p["fallbackOutput"]
  const extra = numberOf(fallback) ?? (fallback === "extra" ? branches.length : undefined)
  const notes: string[] = []
  if (extra !== undefined && extra >= 0) {
    if (handles[extra] === undefined) handles[extra] = "else"
    else notes.push("What fits no rule took one of the other routes; here it takes else.")
  }
  if (objectOf(p["options"])["allMatchingOutputs"] === true)
    notes.push("It took every route that fits; here the first one is taken.")
  return made(
    "condition",
    { branches },
    notes,
    Array.from(handles, (one) => one ?? "else"),
  )
}

export function waitStep({ p, words }: StepView): Mapped {
  const resume = textOf(p["resume"]) || "timeInterval"
  if (resume === "webhook" || resume === "form") {
    const note = "The address to call is execution.callbacks of this step."
    return made(
      "wait",
      { callback: true },
      resume === "form" ? [note, "It showed a form; here its fields are sent to the address."] : [note],
    )
  }
  if (resume === "specificTime") return made("wait", { until: words.text(p["dateTime"]) }, [])
  const [amount, unit] = [p["amount"] ?? 1, textOf(p["unit"]) || "hours"]
  const seconds = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 }[unit]
  if (seconds === undefined) return opaque(`It waits for ${unit.slice(0, 40)}.`)
  const plain = numberOf(amount)
  return made(
    "wait",
    { seconds: plain === undefined ? `{{ (${words.bare(amount)}) * ${seconds} }}` : plain * seconds },
    [],
  )
}

export function mergeStep({ p, node }: StepView): Mapped {
  const mode = textOf(p["mode"]) || (node.version < 3 ? "append" : "append")
  if (mode === "combineBySql") return opaque("It joins its inputs by SQL.")
  if (mode === "chooseBranch" || mode === "wait" || mode === "passThrough")
    return made("merge", { mode: "all" }, [
      "It passes on one of the routes; here all of them, each under the name of its step.",
    ])
  return made("merge", { mode: "all" }, [
    "What comes by each route stands under the name of its step; n8n makes one list of items of them.",
  ])
}

export function subflowStep({ p, words }: StepView): Mapped {
  const said = p["workflowId"]
  const named = textOf(objectOf(said)["cachedResultName"]) || textOf(objectOf(said)["value"]) || textOf(said)
  const inputs = objectOf(objectOf(p["workflowInputs"])["value"])
  return made("subflow", { flow_id: "", inputs: words.object(inputs) }, [
    `It calls the workflow ${named.slice(0, 100) || "that another file holds"}: import that one, and choose it here.`,
  ])
}

export function respondStep({ p, words }: StepView): Mapped {
  const how = textOf(p["respondWith"]) || "firstIncomingItem"
  if (how === "binary") return opaque("It answers with a file.")
  const notes =
    how === "redirect" || Object.keys(objectOf(p["options"])).length > 0
      ? ["Its status and headers were left out: a flow answers with its outputs."]
      : []
  if (how === "json" || how === "text") return made("output", { value: answerOf(p, words) }, notes)
  if (how === "noData") return made("output", { value: null }, notes)
  return made("output", { value: `{{ ${words.seen.json.root} }}` }, notes)
}

function answerOf(p: JsonObject, words: StepView["words"]) {
  const body = p["responseBody"]
  if (typeof body === "string" && !body.startsWith("=") && p["respondWith"] !== "text") {
    const read = jsonIn(body)
    return read === undefined ? words.text(body) : words.value(read)
  }
  return words.value(body ?? "")
}
