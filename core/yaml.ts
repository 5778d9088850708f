import { isAlias, isCollection, isMap, isScalar, Lexer, parseDocument, visit, type Document } from "yaml"
import type { InputFault } from "#core/errors"

type Read = { ok: true; value: unknown } | { ok: false; faults: InputFault[] }

/** How much a reader takes on: levels, and names, texts, marks and line ends; and what is said of a text that has more. */
export type YamlLimits = { depth: number; tokens: number; tooLong: string }

const refusal = (path: string, message: string): Read => ({ ok: false, faults: [{ path, message }] })

/**
 * One YAML document as plain data. What different readers would read differently, or what grows while it is read, is refused: keys
 * that stand twice, aliases, tags of a language.
 */
export function readYaml(text: string, path: string, limits: YamlLimits): Read {
  if (hasTooManyTokens(text, limits.tokens)) return refusal(path, limits.tooLong)
  if (isNestedTooDeep(text)) return refusal(path, `Nested deeper than ${limits.depth} levels.`)
  // A text of quotes has an error at each of them, and nobody reads where in the reader it was found: that took most of the time.
  const errors = Error as unknown as { stackTraceLimit?: number | undefined }
  const { stackTraceLimit } = errors
  errors.stackTraceLimit = 0
  try {
    // Twice `false`: to look for names that stand twice, and to make errors pretty, takes the reader the square of their number.
    const document = parseDocument(text, {
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: "error",
    })
    const faults = faultsOf(document, text, path, limits.depth)
    return faults.length > 0
      ? { ok: false, faults }
      : { ok: true, value: document.toJS({ maxAliasCount: 0 }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : "It cannot be read."
    return refusal(path, `This is not valid YAML: ${firstLine(message)}`)
  } finally {
    errors.stackTraceLimit = stackTraceLimit
  }
}

function faultsOf(document: Document, text: string, path: string, mostDepth: number): InputFault[] {
  const [error] = [...document.errors, ...document.warnings]
  if (error) {
    const lines = text.slice(0, error.pos[0]).split("\n")
    const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`
    return [{ path, message: `This is not valid YAML: ${firstLine(error.message)} (${place})` }]
  }
  const faults: InputFault[] = []
  visit(document, (_, node, above) => {
    const message = faultOf(node, above.filter((one) => isCollection(one)).length, mostDepth)
    if (message === undefined) return undefined
    faults.push({ path, message })
    return visit.BREAK
  })
  return faults
}

function faultOf(node: unknown, depth: number, mostDepth: number): string | undefined {
  if (isAlias(node)) return `Aliases are not taken: write out what *${node.source} stands for.`
  if (depth > mostDepth) return `Nested deeper than ${mostDepth} levels.`
  if (isScalar(node) && typeof node.value === "string" && !node.value.isWellFormed())
    return "It holds half of a surrogate pair."
  if (!isMap(node)) return undefined
  const names = new Set<string>()
  for (const { key } of node.items) {
    if (!isScalar(key)) return "Names are texts."
    const name = String(key.value)
    if (names.has(name)) return `The name ${name.slice(0, 100)} stands twice.`
    names.add(name)
  }
  return undefined
}

function hasTooManyTokens(text: string, mostTokens: number): boolean {
  let count = 0
  for (const _ of new Lexer().lex(text)) if (++count > mostTokens) return true
  return false
}

/** Brackets inside brackets, told before the reader goes down into them: it goes down on the stack. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0
  for (const sign of text.matchAll(/[[\]{}]/g)) {
    depth += sign[0] === "[" || sign[0] === "{" ? 1 : -1
    // Prose may hold a bracket that nobody closes; data that is nested holds many.
    if (depth > 200) return true
    if (depth < 0) depth = 0
  }
  return /^(?:[ \t]*-(?=[ \t-])){200}/m.test(text)
}

const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? "").slice(0, 200)
