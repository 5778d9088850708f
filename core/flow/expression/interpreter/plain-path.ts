import type { Common, NodeOf } from "../syntax.ts"
import { Func, isSequence, type Value } from "./value.ts"

const NOT_PLAIN = Symbol("not plain")

/** Follows own fields of plain objects; gives up at an array, whose items JSONata would visit. */
export function walk(start: Value, names: readonly string[]): Value | typeof NOT_PLAIN {
  let value = start
  for (const name of names) {
    if (typeof value !== "object" || value === null) return undefined
    if (Array.isArray(value)) return NOT_PLAIN
    if (value instanceof Func || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return isSequence(value) ? NOT_PLAIN : value
}

/** Whether a walk came to an answer. */
export const isPlain = (value: Value | typeof NOT_PLAIN): value is Value => value !== NOT_PLAIN

/** The names of a path that has nothing but names, perhaps after a variable (the empty one is the context). */
export function plainPath(
  node: NodeOf<"path">,
): { variable: string | undefined; names: string[] } | undefined {
  if (node.keepSingletonArray || node.tuple || node.group) return undefined
  const [first, ...rest] = node.steps
  if (!first || !node.steps.every(isBare)) return undefined
  const startsWithVariable = first.type === "variable"
  const names = startsWithVariable ? rest : node.steps
  const values = names.flatMap((step) => (step.type === "name" ? [step.value] : []))
  if (values.length < names.length) return undefined
  return { variable: startsWithVariable ? first.value : undefined, names: values }
}

const isBare = (step: Common) =>
  !step.predicate &&
  !step.stages &&
  !step.group &&
  !step.keepArray &&
  !step.tuple &&
  step.focus === undefined &&
  step.index === undefined &&
  !step.ancestor
