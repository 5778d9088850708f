/** An expression of ours, and what it is known to make. */
export type Value = { source: string; type: "text" | "number" | "boolean" | "unknown" }

const text = (source: string): Value => ({ source, type: "text" })
const number = (source: string): Value => ({ source, type: "number" })
const boolean = (source: string): Value => ({ source, type: "boolean" })
const unknown = (source: string): Value => ({ source, type: "unknown" })

type Method = (subject: Value, args: Value[]) => Value | undefined

const isList = (one: Value): string => `$type(${one.source}) = "array"`

/** Methods that say the same in JSONata; with other arguments than these they do not. */
const methods: Record<string, Method> = {
  length: (one) =>
    one.type === "text"
      ? number(`$length(${one.source})`)
      : number(`(${isList(one)} ? $count(${one.source}) : $length(${one.source}))`),
  toUpperCase: (one) => text(`$uppercase(${one.source})`),
  toLowerCase: (one) => text(`$lowercase(${one.source})`),
  toString: (one: Value, args: Value[]) => (args.length === 0 ? text(`$string(${one.source})`) : undefined),
  trim: (one) => text(`$replace(${one.source}, /^\\s+|\\s+$/, "")`),
  toNumber: (one) => number(`$number(${one.source})`),
  toISO: (one) => (one.source === "$now()" ? text(one.source) : undefined),
  toISOString: (one) => (one.source === "$now()" ? text(one.source) : undefined),
  toJsonString: (one) => text(`$string(${one.source})`),
  includes: (one, [what]) =>
    what &&
    (one.type === "text"
      ? boolean(`$contains(${one.source}, ${what.source})`)
      : boolean(
          `(${isList(one)} ? ${what.source} in ${one.source} : $contains(${one.source}, ${what.source}))`,
        )),
  startsWith: (one, [what]) =>
    what && boolean(`$substring(${one.source}, 0, $length(${what.source})) = ${what.source}`),
  split: (one, [by]) => (by?.type === "text" ? unknown(`$split(${one.source}, ${by.source})`) : undefined),
  join: (one, [by]) => text(`$join(${one.source}.$string(), ${by?.source ?? '","'})`),
  slice: cut,
  substring: cut,
  replaceAll: (one, [what, by]) =>
    what?.type === "text" && by?.type === "text"
      ? text(`$replace(${one.source}, ${what.source}, ${by.source})`)
      : undefined,
  replace: (one, [what, by]) =>
    what?.type === "text" && by?.type === "text"
      ? text(`$replace(${one.source}, ${what.source}, ${by.source}, 1)`)
      : undefined,
  isEmpty: (one) => boolean(`$not($boolean(${one.source}))`),
  isNotEmpty: (one) => boolean(`$boolean(${one.source})`),
}

/** JSONata cuts by length, JavaScript by end. */
function cut(one: Value, [from, to]: Value[]): Value | undefined {
  if (!from || from.type !== "number" || from.source.startsWith("-") || one.type === "unknown")
    return undefined
  if (!to) return text(`$substring(${one.source}, ${from.source})`)
  const length = Number(to.source) - Number(from.source)
  return length >= 0 ? text(`$substring(${one.source}, ${from.source}, ${length})`) : undefined
}

export const methodOf = (name: string, subject: Value, args: Value[]): Value | undefined =>
  Object.hasOwn(methods, name) ? methods[name]!(subject, args) : undefined

const statics: Record<string, (args: Value[]) => Value | undefined> = {
  "JSON.stringify": ([one]) => one && text(`$string(${one.source})`),
  "Object.keys": ([one]) => one && unknown(`$keys(${one.source})`),
  "Math.round": ([one]) => one && number(`$floor(${one.source} + 0.5)`),
  "Math.floor": ([one]) => one && number(`$floor(${one.source})`),
  "Math.ceil": ([one]) => one && number(`$ceil(${one.source})`),
  "Math.abs": ([one]) => one && number(`$abs(${one.source})`),
  "Math.max": (args) => number(`$max([${args.map((one) => one.source).join(", ")}])`),
  "Math.min": (args) => number(`$min([${args.map((one) => one.source).join(", ")}])`),
}

export const staticOf = (root: string, name: string, args: Value[]): Value | undefined => {
  const key = `${root}.${name}`
  return Object.hasOwn(statics, key) ? statics[key]!(args) : undefined
}
