import { RecentCache } from "./cache.ts"
import { ExpressionError, tooDeeplyNested } from "./error.ts"
import { guard } from "./guard.ts"
import { lower } from "./interpreter/lower.ts"
import { plainPath } from "./interpreter/plain-path.ts"
import type { Run } from "./interpreter/value.ts"
import { parse, type Node } from "./syntax.ts"

/** An expression that is checked and ready to run. It holds no state, so evaluations may share it. */
export type CompiledExpression = {
  readonly source: string
  readonly run: Run
  /** The names of an expression that is nothing but a path of them. */
  readonly path: readonly string[] | undefined
}

const MOST_ENTRIES = 2_000

/** In nodes of syntax trees; a node made runnable takes a few hundred bytes. */
const MOST_WEIGHT = 60_000

const cache = new RecentCache<CompiledExpression>(MOST_ENTRIES, MOST_WEIGHT)

/** Parses, checks and prepares an expression, once. Throws an ExpressionError. */
export function compileExpression(source: string): CompiledExpression {
  const known = cache.get(source)
  if (known) return known
  const node = parse(source)
  const { nodes } = guard(node)
  const compiled = { source, run: lowered(node), path: pathOf(node) }
  cache.set(source, compiled, nodes)
  return compiled
}

function lowered(node: Node): Run {
  try {
    return lower(node)
  } catch (fault) {
    if (fault instanceof RangeError) throw tooDeeplyNested()
    if (fault instanceof ExpressionError && fault.code === "expression.failed")
      throw new ExpressionError("expression.syntax", fault.message, fault.position)
    throw fault
  }
}

function pathOf(node: Node): readonly string[] | undefined {
  if (node.type !== "path") return undefined
  const plain = plainPath(node)
  return plain && plain.variable === undefined ? plain.names : undefined
}
