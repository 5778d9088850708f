import { ExpressionError } from "./error.ts"
import { guard } from "./guard.ts"
import { isTemplate, partsOf } from "./parts.ts"
import { isCoalesce, isElvis, parse, type Node, type NodeOf, type Pair } from "./syntax.ts"

/** What an expression reads, as far as its text tells: fields of the scope, and nodes whose output it takes. */
export type References = { roots: string[]; nodes: string[] }

/** What a value is known to be: the scope, the outputs by node, or something else. */
type Place = "scope" | "nodes" | "other"

/** What an expression reads. Nothing when it is refused. */
export function expressionReferences(source: string): References {
  const reader = new Reader()
  readInto(reader, source)
  return reader.references()
}

/** What the expressions of a template read. */
export function templateReferences(text: string): References {
  const reader = new Reader()
  for (const part of partsIn(text)) if (typeof part === "object") readInto(reader, part.source)
  return reader.references()
}

/** What a field reads that takes a bare expression or a template. */
export const bareReferences = (text: string): References =>
  isTemplate(text) ? templateReferences(text) : expressionReferences(text)

const partsIn = (text: string) => orNothing(() => partsOf(text)) ?? []

function readInto(reader: Reader, source: string): void {
  const tree = orNothing(() => {
    const parsed = parse(source)
    guard(parsed)
    return parsed
  })
  if (tree) reader.read(tree, "scope", new Map())
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof ExpressionError) return undefined
    throw fault
  }
}

/** Variables that are known to hold the scope or the outputs. */
type Names = Map<string, Place>

class Reader {
  private readonly roots = new Set<string>()
  private readonly nodes = new Set<string>()

  references(): References {
    return { roots: [...this.roots], nodes: [...this.nodes] }
  }

  /** Reads a node that is evaluated at a place, and answers what its value is known to be. */
  read(node: Node, place: Place, names: Names): Place {
    let value = this.readBody(node, place, names)
    for (const filter of node.predicate ?? []) value = this.readFilter(filter.expr, value, names)
    for (const stage of node.stages ?? [])
      if (stage.type === "filter") value = this.readFilter(stage.expr, value, names)
    if (node.group) {
      this.readPairs(node.group.lhs, value, names)
      return "other"
    }
    return value
  }

  private readBody(node: Node, place: Place, names: Names): Place {
    switch (node.type) {
      case "path":
        return node.steps.reduce((at, step) => this.read(step, at, names), place)
      case "name":
        return this.field(node.value, place)
      case "variable":
        if (node.value === "") return place
        return node.value === "$" ? "scope" : (names.get(node.value) ?? "other")
      case "block": {
        const inner = new Map(names)
        return node.expressions.reduce<Place>((_, part) => this.read(part, place, inner), "other")
      }
      case "bind": {
        const value = this.read(node.rhs, place, names)
        names.set(node.lhs.value, value)
        return value
      }
      case "condition":
        return this.readCondition(node, place, names)
      case "function":
      case "partial":
        return this.readCall(node, node.arguments, place, names)
      case "lambda": {
        const inner = new Map(names)
        for (const param of node.arguments) inner.set(param.value, "other")
        this.read(node.body, place, inner)
        return "other"
      }
      case "apply":
        return this.readApply(node, place, names)
      default:
        this.readParts(node, place, names)
        return "other"
    }
  }

  /** The parts of a node whose own value is never the scope nor the outputs. */
  private readParts(node: Node, place: Place, names: Names): void {
    switch (node.type) {
      case "binary":
        this.read(node.lhs, place, names)
        this.read(node.rhs, place, names)
        break
      case "unary":
        if (node.value === "-") this.read(node.expression, place, names)
        else if (node.value === "[") for (const item of node.expressions) this.read(item, place, names)
        else this.readPairs(node.lhs, place, names)
        break
      case "transform":
        for (const part of [node.pattern, node.update, node.delete]) if (part) this.read(part, "other", names)
        break
      case "sort":
        for (const term of node.terms) this.read(term.expression, place, names)
        break
      default:
    }
  }

  private readPairs(pairs: Pair[], place: Place, names: Names): void {
    for (const pair of pairs) for (const part of pair) this.read(part, place, names)
  }

  private readCondition(node: NodeOf<"condition">, place: Place, names: Names): Place {
    if (!isCoalesce(node) && !isElvis(node)) this.read(node.condition, place, names)
    const then = this.read(node.then, place, names)
    const otherwise = node.else ? this.read(node.else, place, names) : then
    return then === otherwise ? then : "other"
  }

  /** `$lookup(nodes, "draft")` names a node as a path does. */
  private readCall(node: NodeOf<"function" | "partial">, args: Node[], place: Place, names: Names): Place {
    this.read(node.procedure, place, names)
    const [first] = args.map((arg) => this.read(arg, place, names))
    return this.lookedUp(node, first ?? "other", args[1])
  }

  private readApply(node: NodeOf<"apply">, place: Place, names: Names): Place {
    const value = this.read(node.lhs, place, names)
    if (node.rhs.type !== "function") {
      this.read(node.rhs, place, names)
      return "other"
    }
    this.readCall(node.rhs, node.rhs.arguments, place, names)
    return this.lookedUp(node.rhs, value, node.rhs.arguments[0])
  }

  private lookedUp(node: NodeOf<"function" | "partial">, place: Place, key: Node | undefined): Place {
    const { procedure } = node
    const isLookup = procedure.type === "variable" && procedure.value === "lookup"
    return isLookup && key?.type === "string" ? this.field(key.value, place) : "other"
  }

  /** `nodes["draft"]` is a filter in JSONata, but means a node to whoever wrote it. */
  private readFilter(filter: Node, place: Place, names: Names): Place {
    if (filter.type === "string") return this.field(filter.value, place)
    this.read(filter, place, names)
    return place
  }

  private field(name: string, place: Place): Place {
    if (place === "scope") {
      this.roots.add(name)
      return name === "nodes" ? "nodes" : "other"
    }
    if (place === "nodes") this.nodes.add(name)
    return "other"
  }
}
