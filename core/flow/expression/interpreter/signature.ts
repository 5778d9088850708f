import { ExpressionError, failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { Func, isList, type Signature, type Value } from "./value.ts"

type Param = {
  /** Letters of the types it takes: s n b l o a f, and m for a missing value. */
  accepts: string
  isArray: boolean
  items: string | undefined
  fromContext: boolean
  least: 0 | 1
  most: number
}

const ANY = "asnblfom"
const NOUN: Record<string, string> = {
  a: "arrays",
  b: "booleans",
  f: "functions",
  n: "numbers",
  o: "objects",
  s: "texts",
}

/** The most parameters a signature may have; matching them against arguments is quadratic. */
const MOST_PARAMS = 32

/** Reads a JSONata signature such as `<s-nn?:s>`. */
export function parseSignature(definition: string): Signature {
  const params: Param[] = []
  const last = () => params[params.length - 1]
  for (let i = 1; i < definition.length && definition[i] !== ":"; i++) {
    const symbol = definition.charAt(i)
    const param = last()
    if ("snblo".includes(symbol)) params.push(paramOf(`${symbol}m`))
    else if (symbol === "a") params.push({ ...paramOf(ANY), isArray: true })
    else if (symbol === "f") params.push(paramOf("f"))
    else if (symbol === "j") params.push(paramOf("asnblom"))
    else if (symbol === "x") params.push(paramOf(ANY))
    else if (symbol === "(") {
      const end = closing(definition, i, "(", ")")
      params.push(paramOf(`${definition.slice(i + 1, end)}m`))
      i = end
    } else if (symbol === "<") {
      const end = closing(definition, i, "<", ">")
      if (param) param.items = definition.slice(i + 1, end)
      i = end
    } else if (param && (symbol === "?" || symbol === "-")) {
      param.least = 0
      param.fromContext ||= symbol === "-"
    } else if (param && symbol === "+") param.most = Infinity
  }
  if (params.length > MOST_PARAMS)
    throw new ExpressionError("expression.syntax", `A function takes at most ${MOST_PARAMS} parameters.`)
  return { validate: (args, context, budget) => validate(params, args, context, budget) }
}

const paramOf = (accepts: string): Param => ({
  accepts,
  isArray: false,
  items: undefined,
  fromContext: false,
  least: 1,
  most: 1,
})

function closing(text: string, start: number, open: string, close: string): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (text[i] === open) depth++
    else if (text[i] === close && --depth === 0) return i
  }
  return text.length
}

function typeOf(value: Value): string {
  if (value === undefined) return "m"
  if (value === null) return "l"
  if (value instanceof Func) return "f"
  if (isList(value)) return "a"
  if (typeof value === "object") return "o"
  return typeof value === "string" ? "s" : typeof value === "number" ? "n" : "b"
}

/** How many arguments each parameter takes, as many as it can from the left; undefined when they do not fit. */
function share(params: readonly Param[], types: readonly string[]): number[] | undefined {
  const hopeless = new Set<number>()
  const taken: number[] = []
  const from = (p: number, a: number): boolean => {
    const param = params[p]
    if (!param) return a === types.length
    const key = p * (types.length + 1) + a
    if (hopeless.has(key)) return false
    let most = 0
    while (most < param.most && a + most < types.length && param.accepts.includes(types[a + most]!)) most++
    for (let n = most; n >= param.least; n--) {
      taken[p] = n
      if (from(p + 1, a + n)) return true
    }
    hopeless.add(key)
    return false
  }
  return from(0, 0) ? taken : undefined
}

function validate(params: readonly Param[], args: readonly Value[], context: Value, budget: Budget): Value[] {
  const taken = share(params, args.map(typeOf))
  budget.spend(params.length / 2)
  if (!taken) throw misfit(params, args)
  const checked: Value[] = []
  let next = 0
  params.forEach((param, p) => {
    const count = taken[p]!
    if (count === 0 && param.fromContext) {
      if (!param.accepts.includes(typeOf(context)))
        throw failed(`Argument ${next + 1} is missing, and the context is not of its type. Give it.`)
      checked.push(context)
      return
    }
    if (count === 0) checked.push(undefined)
    for (let i = 0; i < count; i++) {
      const arg = args[next++]
      checked.push(param.isArray ? asArray(arg, param, next, budget) : arg)
    }
  })
  return checked
}

function asArray(arg: Value, param: Param, index: number, budget: Budget): Value {
  if (arg === undefined) return undefined
  const wanted = param.items?.[0]
  if (!isList(arg)) {
    if (wanted !== undefined && typeOf(arg) !== param.items) throw wrongItems(index, wanted)
    return [arg]
  }
  if (wanted !== undefined) {
    budget.spend(arg.length / 8)
    if (!arg.every((item) => typeOf(item) === wanted)) throw wrongItems(index, wanted)
  }
  return arg
}

const wrongItems = (index: number, wanted: string) =>
  failed(`Argument ${index} must be an array of ${NOUN[wanted] ?? "another type"}.`)

function misfit(params: readonly Param[], args: readonly Value[]) {
  const types = args.map(typeOf)
  let fits = 0
  while (fits < args.length && share(params.slice(0, fits + 1).map(optional), types.slice(0, fits + 1)))
    fits++
  return failed(
    fits < args.length
      ? `Argument ${fits + 1} does not fit: check its type and the number of arguments.`
      : "Arguments are missing.",
  )
}

const optional = (param: Param): Param => ({ ...param, least: 0 })
