import { ExpressionError, failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import type { Node, NodeOf } from "../syntax.ts"
import { apply } from "./apply.ts"
import { FORBIDDEN_KEY } from "./group.ts"
import { parseSignature } from "./signature.ts"
import { rounded } from "./stringify.ts"
import {
  emptyObject,
  Func,
  isList,
  isObject,
  Native,
  type Frame,
  type List,
  type Obj,
  type Run,
  type Value,
} from "./value.ts"

/** A deep copy of plain data. Objects of the copy are noted in `made`. */
export function clone(value: Value, budget: Budget, made?: Set<Obj>): Value {
  budget.step()
  if (value instanceof Func) return ""
  if (typeof value === "number") return rounded(value)
  if (typeof value !== "object" || value === null) return value
  if (isList(value)) {
    budget.list(value.length)
    return value.map((item) => clone(item, budget, made) ?? null)
  }
  const keys = Object.keys(value)
  budget.object(keys.length)
  const copy = emptyObject()
  made?.add(copy)
  for (const key of keys) if (value[key] !== undefined) copy[key] = clone(value[key], budget, made)
  return copy
}

const signature = parseSignature("<(oa):o>")

/** `| where | update, delete |`: a function that answers a changed copy of what it is given, and changes nothing else. */
export function transformer(node: NodeOf<"transform">, lower: (node: Node) => Run): Run {
  const pattern = lower(node.pattern)
  const update = lower(node.update)
  const remove = node.delete && lower(node.delete)
  return (_, frame) =>
    new Native(1, signature, ([subject], budget) => {
      if (subject === undefined) return undefined
      const made = new Set<Obj>()
      const result = clone(copied(subject, frame, budget), budget, made)
      const matches = pattern(result, frame)
      for (const match of isList(matches) ? matches : matches === undefined ? [] : [matches]) {
        const changes = update(match, frame)
        const names = remove?.(match, frame)
        if (isList(match) || (changes === undefined && names === undefined)) continue
        if (!isObject(match) || !made.has(match))
          throw failed(
            "A transform changes only objects inside the value it is given. Let its first part select them.",
            node.position,
          )
        change(match, changes, budget, node.update.position)
        takeAway(match, names, budget, node.delete?.position)
        budget.forget(match)
      }
      return result
    })
}

/** An expression may name its own `$clone`; the copy is made by it then, and copied again so that it is surely one. */
function copied(subject: Value, frame: Frame, budget: Budget): Value {
  const own = frame.lookup("clone")
  if (own instanceof Native) return subject
  if (own instanceof Func) return apply(own, [subject], null, budget)
  throw failed("$clone is not a function here, so a transform cannot copy its value.")
}

function change(match: Obj, update: Value, budget: Budget, position: number | undefined): void {
  if (update === undefined) return
  if (!isObject(update)) throw failed("The second part of a transform must be an object.", position)
  const entries = Object.entries(update)
  budget.object(entries.length)
  for (const [key, value] of entries) {
    if (key === FORBIDDEN_KEY)
      throw new ExpressionError(
        "expression.forbidden",
        `An object cannot have a key ${FORBIDDEN_KEY}.`,
        position,
      )
    match[key] = value
  }
}

function takeAway(match: Obj, names: Value, budget: Budget, position: number | undefined): void {
  if (names === undefined) return
  const list: List = isList(names) ? names : [names]
  for (const name of list) {
    if (typeof name !== "string")
      throw failed("The third part of a transform must be a text or a list of texts.", position)
    budget.read(name)
    delete match[name]
  }
}
