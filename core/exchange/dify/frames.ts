import type { Json, JsonObject } from "#core/json"
import { listOf, numberOf, objectsOf, textOf } from "../fields.ts"
import { expression } from "../words.ts"
import type { DifyNode } from "./app.ts"
import { typed } from "./assign.ts"
import { endOf } from "./graph.ts"
import type { Surroundings } from "./source.ts"
import type { Mapped } from "./step.ts"
import { whenOf } from "./steps.ts"
import { Variables } from "./variables.ts"

/** What repeats: for each item of a list, or until something holds. */
export const isFrame = ({ kind }: DifyNode): boolean => kind === "iteration" || kind === "loop"

export function iterationStep({ data }: DifyNode, words: Variables): Mapped {
  const wrong =
    { "continue-on-error": "continue", "remove-abnormal-output": "skip" }[
      textOf(data["error_handle_mode"])
    ] ?? "fail"
  const most = Math.min(100, Math.max(1, Math.trunc(numberOf(data["parallel_nums"]) ?? 10)))
  return {
    made: {
      type: "map",
      data: {
        items: words.selected(data["iterator_selector"]),
        concurrency: data["is_parallel"] === true ? most : 1,
        on_item_error: wrong,
      },
    },
  }
}

const namesOf = (data: JsonObject): string[] =>
  objectsOf(data["loop_variables"]).map((one) => textOf(one["label"]) || "value")

/** A loop ends by a condition over its variables, or by what its steps come to; the latter is kept beside the variables. */
export function loopStep(node: DifyNode, inside: DifyNode[], words: Variables): Mapped {
  const { data } = node
  const state = Object.fromEntries(
    objectsOf(data["loop_variables"]).map((one) => [
      textOf(one["label"]) || "value",
      one["value_type"] === "variable"
        ? expression(words.selected(one["value"]))
        : typed(one["value"], textOf(one["var_type"])),
    ]),
  )
  const count = Math.min(10_000, Math.max(1, Math.trunc(numberOf(data["loop_count"]) ?? 10)))
  const done = doneOf(node, inside)
  const own = done === undefined ? whenOf(data, words, "break_conditions") : undefined
  const until = done === undefined ? own : `state.${done}`
  const notes =
    textOf(data["error_handle_mode"]) === "continue-on-error"
      ? ["A round that fails ends it here; there it went on with the next."]
      : []
  if (until === undefined && objectsOf(data["break_conditions"]).length > 0) notes.push(noEnd)
  return {
    made: {
      type: "loop",
      data: {
        state: done === undefined ? state : { ...state, [done]: false },
        max_iterations: count,
        // A loop that is over before it begins is not begun.
        ...(own === undefined ? {} : { while: `$not(${own})` }),
        ...(until === undefined ? {} : { until }),
      },
      notes,
    },
  }
}

const noEnd = "One of the comparisons that end it has no counterpart: it goes on to its last round."

/** The name under which a loop keeps whether it is over; none where its variables tell. */
function doneOf({ key, data }: DifyNode, inside: DifyNode[]): string | undefined {
  const keys = new Set(inside.map((node) => node.key))
  const asksInside = objectsOf(data["break_conditions"]).some((one) => {
    const [step] = listOf(one["variable_selector"]).map(textOf)
    const named = [...textOf(one["value"]).matchAll(/\{\{#([^.#]+)/g)].map((found) => found[1]!)
    return [step!, ...named].some((name) => name !== key && keys.has(name))
  })
  if (!asksInside && !inside.some((node) => node.kind === "loop-end")) return undefined
  return namesOf(data).includes("done") ? "done_" : "done"
}

/** What a round of a frame comes to; undefined when nothing is said of it. */
export function roundOf(
  frame: DifyNode,
  inside: DifyNode[],
  around: Surroundings,
): { value: Json | undefined; notes: string[] } {
  const words = new Variables(around, endOf(frame.key))
  if (frame.kind === "iteration") {
    const selector = listOf(frame.data["output_selector"])
    return {
      value: selector.length > 0 ? expression(words.selected(selector)) : undefined,
      notes: words.notes,
    }
  }
  const done = doneOf(frame, inside)
  const named = namesOf(frame.data).map((name): [string, Json] => [
    name,
    expression(words.selected([frame.key, name])),
  ])
  const over = done === undefined ? undefined : overOf(frame, inside, words, around)
  const isKept = over === undefined && named.every(([name, value]) => value === `{{ state.${name} }}`)
  return {
    value: isKept
      ? "{{ state }}"
      : Object.fromEntries([...named, ...(over === undefined ? [] : [[done!, expression(over)]])]),
    notes: words.notes,
  }
}

/** Whether a loop is over after a round: one of its ends was reached, or what it waits for holds. */
function overOf({ data }: DifyNode, inside: DifyNode[], words: Variables, around: Surroundings): string {
  const ends = inside
    .filter((node) => node.kind === "loop-end")
    .map((node) => `$exists(nodes.${around.step(node.key)!.id})`)
  const when =
    objectsOf(data["break_conditions"]).length > 0 ? whenOf(data, words, "break_conditions") : undefined
  if (when === undefined && objectsOf(data["break_conditions"]).length > 0) words.notes.push(noEnd)
  const parts = [...ends, ...(when === undefined ? [] : [`(${when})`])]
  return parts.length > 0 ? parts.join(" or ") : "false"
}
