import type { Json, JsonObject } from "#core/json"
import { RecentCache } from "./cache.ts"
import { compileExpression, type CompiledExpression } from "./compile.ts"
import { ExpressionError } from "./error.ts"
import { budgetFor, evaluateWithin, type Scope } from "./evaluate.ts"
import { FORBIDDEN_KEY } from "./interpreter/group.ts"
import { stringify } from "./interpreter/stringify.ts"
import type { Budget, Limits } from "./limits.ts"
import { isTemplate, onlyExpression, OPENING, partsOf, type Part } from "./parts.ts"

export type { Scope } from "./evaluate.ts"

type Placed = { expression: CompiledExpression; offset: number }

/** A template made ready: one expression that keeps its type, or pieces to be joined. */
type Template = { only: Placed } | { pieces: (string | Placed)[] }

const MOST_ENTRIES = 2_000
const MOST_CHARACTERS = 1 << 20
const MOST_NESTED = 200

const templates = new RecentCache<Template>(MOST_ENTRIES, MOST_CHARACTERS)
const bareTexts = new RecentCache<boolean>(MOST_ENTRIES, MOST_CHARACTERS)

/** Resolves a text that may hold `{{ expressions }}`. A text that is exactly one expression keeps the type of its answer. */
export async function resolveTemplate(
  text: string,
  scope: Scope,
  limits?: Partial<Limits>,
): Promise<Json | undefined> {
  return text.includes(OPENING) ? resolved(text, scope, budgetFor(scope, limits)) : text
}

/** Resolves every text inside a value. Keys stay as they are; a field without an answer is left out, an item becomes null. */
export async function resolveFields(value: Json, scope: Scope, limits?: Partial<Limits>): Promise<Json> {
  return fields(value, scope, budgetFor(scope, limits), 0) ?? null
}

/** Resolves a field that takes a bare expression, such as a condition; a template is taken too. */
export async function resolveBare(
  source: string,
  scope: Scope,
  limits?: Partial<Limits>,
): Promise<Json | undefined> {
  const budget = budgetFor(scope, limits)
  return holdsTemplate(source)
    ? resolved(source, scope, budget)
    : evaluateWithin(compileExpression(source), scope, budget)
}

function holdsTemplate(source: string): boolean {
  if (!source.includes(OPENING)) return false
  const known = bareTexts.get(source)
  if (known !== undefined) return known
  const answer = isTemplate(source)
  bareTexts.set(source, answer, source.length)
  return answer
}

/** What an expression answers is data: braces in it are never read as a template again. */
function resolved(text: string, scope: Scope, budget: Budget): Json | undefined {
  const template = templateOf(text)
  if ("only" in template) return answer(template.only, scope, budget)
  let joined = ""
  for (const piece of template.pieces) {
    if (typeof piece === "string") {
      budget.emit(piece.length)
      joined += piece
    } else joined += asText(answer(piece, scope, budget), budget)
  }
  return joined
}

const asText = (value: Json | undefined, budget: Budget): string =>
  value === undefined || value === null ? "" : stringify(value, budget)

function answer({ expression, offset }: Placed, scope: Scope, budget: Budget): Json | undefined {
  return shiftingFaults(offset, () => evaluateWithin(expression, scope, budget))
}

function templateOf(text: string): Template {
  const known = templates.get(text)
  if (known) return known
  const parts = partsOf(text)
  const only = onlyExpression(parts)
  const template: Template = only ? { only: placed(only) } : { pieces: parts.map(piece) }
  templates.set(text, template, text.length)
  return template
}

const piece = (part: Part) => (typeof part === "string" ? part : placed(part))

const placed = ({ source, offset }: { source: string; offset: number }): Placed => ({
  expression: shiftingFaults(offset, () => compileExpression(source)),
  offset,
})

/** Positions in messages count in the whole text, which is what its author sees. */
function shiftingFaults<T>(offset: number, work: () => T): T {
  try {
    return work()
  } catch (fault) {
    throw fault instanceof ExpressionError ? fault.shifted(offset) : fault
  }
}

function fields(value: Json, scope: Scope, budget: Budget, depth: number): Json | undefined {
  if (typeof value === "string") return value.includes(OPENING) ? resolved(value, scope, budget) : value
  if (typeof value !== "object" || value === null) return value
  if (depth > MOST_NESTED)
    throw new ExpressionError("expression.depth", `The fields nest more than ${MOST_NESTED} levels deep.`)
  if (Array.isArray(value)) return value.map((item) => fields(item, scope, budget, depth + 1) ?? null)
  const result: JsonObject = {}
  for (const [key, item] of Object.entries(value)) {
    const found = key === FORBIDDEN_KEY ? undefined : fields(item, scope, budget, depth + 1)
    if (found !== undefined) result[key] = found
  }
  return result
}
