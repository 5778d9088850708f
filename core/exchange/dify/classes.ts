import type { JsonObject } from "#core/json"
import { objectsOf, textOf } from "../fields.ts"
import { routeName } from "../words.ts"

/** A class of a classifier: its id there, and the name of its route here. */
export type Class = { key: string; id: string; name: string }

/** The classes of a step, always by the same names: whoever asks which one it was names them as the step does. */
export function classesOf(data: JsonObject): Class[] {
  const taken = new Set<string>()
  return objectsOf(data["classes"]).map((one) => {
    const name = textOf(one["name"])
    const id = routeName(/[a-z]/i.test(name) ? name.slice(0, 30) : "class", taken)
    taken.add(id)
    return { key: textOf(one["id"]), id, name }
  })
}
