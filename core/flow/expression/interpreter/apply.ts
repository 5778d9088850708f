import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { Func, Lambda, Native, TailCall, type Value } from "./value.ts"

/** Calls a function. `input` stands in for an argument that the function may take from the context. */
export function apply(callee: Value, args: readonly Value[], input: Value, budget: Budget): Value {
  budget.enter()
  let result = invoke(callee, args, input, budget)
  while (result instanceof TailCall) {
    const call: TailCall = result
    budget.step()
    const next = call.procedure(call.input, call.frame)
    const nextArgs = call.args.map((arg) => arg(call.input, call.frame))
    budget.position = call.position
    result = invoke(next, nextArgs, input, budget)
  }
  budget.depth--
  return result
}

function invoke(callee: Value, args: readonly Value[], input: Value, budget: Budget): Value {
  if (!(callee instanceof Func)) throw failed("This is not a function, so it cannot be called.")
  const checked = callee.signature ? callee.signature.validate(args, input, budget) : args
  if (callee instanceof Lambda) {
    const frame = callee.frame.within()
    callee.params.forEach((name, i) => frame.bind(name, checked[i]))
    return callee.body(callee.input, frame)
  }
  if (callee instanceof Native) return callee.implementation(checked, budget)
  throw failed("This is not a function, so it cannot be called.")
}

/** Calls a function for an item of a collection, giving it as many of the arguments as it takes. */
export function applyTo(callee: Func, args: readonly Value[], budget: Budget): Value {
  const wanted = Math.max(1, callee.arity)
  return apply(callee, args.length > wanted ? args.slice(0, wanted) : args, null, budget)
}

/** A placeholder in a partial application: the argument that is still to come. */
export const HOLE = Symbol("hole")

/** A function with some of its arguments given. */
export function partial(callee: Value, args: readonly (Value | typeof HOLE)[], budget: Budget): Func {
  budget.object(args.length)
  if (callee instanceof Lambda) {
    const frame = callee.frame.within()
    const open: string[] = []
    callee.params.forEach((name, i) => {
      const arg = args[i]
      if (arg === HOLE) open.push(name)
      else frame.bind(name, arg)
    })
    return new Lambda(open, callee.body, callee.input, frame, undefined)
  }
  if (callee instanceof Native) {
    const holes = args.flatMap((arg, i) => (arg === HOLE ? [i] : []))
    return new Native(holes.length, undefined, (given, spent) => {
      const all = args.map((arg) => (arg === HOLE ? undefined : arg))
      holes.forEach((at, i) => (all[at] = given[i]))
      return apply(callee, all, null, spent)
    })
  }
  throw failed("This is not a function, so its arguments cannot be given in part.")
}

/** `f ~> g`: the function that calls f, then g with what f answers. */
export const compose = (first: Func, second: Func): Native =>
  new Native(1, undefined, ([arg], budget) =>
    apply(second, [apply(first, [arg], null, budget)], null, budget),
  )
