/** CrewAI's `{topic}`, which is filled from the inputs that a crew is started with. */
const placeholder = /\{([A-Za-z_][A-Za-z0-9_-]*)\}/g

const plainName = /^[A-Za-z_]\w*$/

/** `{topic}` as an expression over `input`; braces that are no placeholder are kept from becoming one. Tells the names that it met. */
export function fromPlaceholders(text: string): { text: string; names: string[]; escaped: boolean } {
  const names = new Set<string>()
  let made = ""
  let last = 0
  let escaped = false
  const keep = (literal: string, before: boolean): void => {
    const apart = literal.replaceAll(/\{(?=\{)/g, "{ ")
    const ended = before && apart.endsWith("{") ? `${apart} ` : apart
    const begun = last > 0 && ended.startsWith("}") ? ` ${ended}` : ended
    escaped ||= begun !== literal
    made += begun
  }
  for (const found of text.matchAll(placeholder)) {
    keep(text.slice(last, found.index), true)
    names.add(found[1]!)
    made += expressionOf(found[1]!)
    last = found.index + found[0].length
  }
  keep(text.slice(last), false)
  return { text: made, names: [...names], escaped }
}

const expressionOf = (name: string): string =>
  plainName.test(name) ? `{{ input.${name} }}` : `{{ input.\`${name}\` }}`

const inputExpression = /\{\{\s*input\.(?:([A-Za-z_]\w*)|`([A-Za-z_][A-Za-z0-9_-]*)`)\s*\}\}/g
const taskExpression = /\{\{\s*tasks\.([a-z][a-z0-9_]*)\s*\}\}/g

type Told = { text: string; tasks: string[]; /** What CrewAI has no words for. */ strange: string[] }

/** Expressions as CrewAI's placeholders; an earlier task's result is given by `context` there, so its place is named in words. */
export function toPlaceholders(text: string): Told {
  const tasks: string[] = []
  const told = text
    .replace(
      inputExpression,
      (_, plain: string | undefined, quoted: string | undefined) => `{${plain ?? quoted}}`,
    )
    .replace(taskExpression, (_, id: string) => {
      tasks.push(id)
      return `(the result of ${id})`
    })
  return { text: told, tasks, strange: told.match(/\{\{[^{}]*\}\}/g) ?? [] }
}

/** `senior_analyst`, as a person writes it. */
export function nameOf(key: string): string {
  const words = key.replace(/[_\s-]+/g, " ").trim()
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 120) || "Agent"
}

/** A key as the name of a position or a task, unlike all that are taken. */
export function slugOf(key: string, taken: ReadonlySet<string>): string {
  const letters = key
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|(?<!_)_+$/g, "")
  const base = (letters || "member").slice(0, 36).replace(/(?<!_)_+$/, "")
  for (let i = 1; ; i++) {
    const slug = i === 1 ? base : `${base}_${i}`
    if (!taken.has(slug)) return slug
  }
}
