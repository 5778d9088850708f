import { isAlias, isScalar, parseDocument, visit, type Document } from "yaml"
import type { InputFault } from "#core/errors"

type Read = { ok: true; value: unknown } | { ok: false; faults: InputFault[] }

/** More than any file of agents or tasks is nested. */
const mostDepth = 12

const refusal = (path: string, message: string): Read => ({ ok: false, faults: [{ path, message }] })

/**
 * One YAML document as plain data. What different readers would read differently, or what grows while it is read, is refused: keys
 * that stand twice, aliases, tags of a language.
 */
export function readYaml(text: string, path: string): Read {
  if (isNestedTooDeep(text)) return refusal(path, `Nested deeper than ${mostDepth} levels.`)
  try {
    const document = parseDocument(text, { uniqueKeys: true, merge: false, logLevel: "silent" })
    const faults = faultsOf(document, path)
    return faults.length > 0
      ? { ok: false, faults }
      : { ok: true, value: document.toJS({ maxAliasCount: 0 }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : "It cannot be read."
    return refusal(path, `This is not valid YAML: ${firstLine(message)}`)
  }
}

function faultsOf(document: Document, path: string): InputFault[] {
  const [error] = [...document.errors, ...document.warnings]
  if (error) {
    const at = error.linePos?.[0]
    const place = at ? ` (line ${at.line}, column ${at.col})` : ""
    return [{ path, message: `This is not valid YAML: ${firstLine(error.message)}${place}` }]
  }
  const faults: InputFault[] = []
  visit(document, (_, node, above) => {
    if (isAlias(node))
      faults.push({ path, message: `Aliases are not taken: write out what *${node.source} stands for.` })
    const depth = above.filter((one) => "items" in one).length
    if (depth > mostDepth) faults.push({ path, message: `Nested deeper than ${mostDepth} levels.` })
    if (isScalar(node) && typeof node.value === "string" && !node.value.isWellFormed())
      faults.push({ path, message: "It holds half of a surrogate pair." })
    return faults.length > 0 ? visit.BREAK : undefined
  })
  return faults
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

const firstLine = (text: string): string =>
  (text.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")
