import type { Budget } from "../limits.ts"

/** What an expression can hold: plain data, absence, and functions. A function is an instance, so data can never pose as one. */
export type Value = undefined | null | boolean | number | string | List | Obj | Func

export type Obj = { [key: string]: Value }

/**
 * An array, with what JSONata remembers about it. A `sequence` is the result of a query: with one item it is that item, with
 * none it is nothing, unless `keepSingleton`. `cons` marks a constructed array, which a path does not flatten. `tupleStream`
 * marks bindings (`@`, `#`, `%`) on their way through a path.
 */
export type List = Value[] & {
  sequence?: true
  keepSingleton?: true
  cons?: true
  tupleStream?: true
}

/** A piece of an expression made runnable: the value it has for an input and its variables. */
export type Run = (input: Value, frame: Frame) => Value

/** Checks the arguments of a call, and completes them from the context where the function says so. */
export type Signature = { validate(args: readonly Value[], context: Value, budget: Budget): Value[] }

/** Anything that can be called. */
export abstract class Func {
  abstract readonly arity: number
  abstract readonly signature: Signature | undefined
}

/** A function written in the expression, with the variables and the input it was born with. */
export class Lambda extends Func {
  readonly params: readonly string[]
  readonly body: Run
  readonly input: Value
  readonly frame: Frame
  readonly signature: Signature | undefined

  constructor(
    params: readonly string[],
    body: Run,
    input: Value,
    frame: Frame,
    signature: Signature | undefined,
  ) {
    super()
    this.params = params
    this.body = body
    this.input = input
    this.frame = frame
    this.signature = signature
  }

  get arity(): number {
    return this.params.length
  }
}

/** A call in tail position, handed back instead of made, so that recursion of this kind does not nest. */
export class TailCall extends Func {
  readonly arity = 0
  readonly signature = undefined
  readonly procedure: Run
  readonly args: readonly Run[]
  readonly input: Value
  readonly frame: Frame
  readonly position: number | undefined

  constructor(
    procedure: Run,
    args: readonly Run[],
    input: Value,
    frame: Frame,
    position: number | undefined,
  ) {
    super()
    this.procedure = procedure
    this.args = args
    this.input = input
    this.frame = frame
    this.position = position
  }
}

export type Implementation = (args: readonly Value[], budget: Budget) => Value

/** A function of ours. It sees its arguments and the budget, nothing of the host. */
export class Native extends Func {
  readonly arity: number
  readonly signature: Signature | undefined
  readonly implementation: Implementation

  constructor(arity: number, signature: Signature | undefined, implementation: Implementation) {
    super()
    this.arity = arity
    this.signature = signature
    this.implementation = implementation
  }
}

/** The variables of a block, a call or a binding, within those around it. */
export class Frame {
  readonly budget: Budget
  private readonly around: Frame | ReadonlyMap<string, Value>
  private names: Map<string, Value> | undefined

  /** `around` is the frame outside, or for the outermost one the functions that are always there. */
  constructor(around: Frame | ReadonlyMap<string, Value>, budget: Budget) {
    this.around = around
    this.budget = budget
  }

  within(): Frame {
    this.budget.allocate(64)
    return new Frame(this, this.budget)
  }

  bind(name: string, value: Value): void {
    this.names ??= new Map()
    this.names.set(name, value)
  }

  lookup(name: string): Value {
    if (this.names?.has(name)) return this.names.get(name)
    let { around } = this
    while (around instanceof Frame) {
      if (around.names?.has(name)) return around.names.get(name)
      around = around.around
    }
    return around.get(name)
  }
}

export const isList = (value: Value): value is List => Array.isArray(value)

export const isObject = (value: Value): value is Obj =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Func)

export const isSequence = (value: Value): value is List => Array.isArray(value) && value.sequence === true

/** An empty sequence. */
export function sequence(): List {
  const list: List = []
  list.sequence = true
  return list
}

/** A sequence of exactly this item, also when the item is undefined. */
export function sequenceOf(item: Value): List {
  const list = sequence()
  list.push(item)
  return list
}

/**
 * An object that inherits nothing: whatever a key is called, it is data. Made by a constructor, because the engine keeps
 * objects from `Object.create(null)` in a form that is several times slower.
 */
// The assertion: a class cannot do without its prototype.
const Bag = function () {} as unknown as new () => Obj
Bag.prototype = Object.freeze(Object.create(null))

export const emptyObject = (): Obj => new Bag()
