import { kindOf } from "#core/flow/kinds"
import type { Template } from "./template-card.tsx"

/** The kinds of steps that a template shows, each once. */
export const kindsIn = ({ flow }: Template): string[] => [
  ...new Set(
    flow.nodes.flatMap(({ type }) => {
      const title = kindOf(type)?.title
      return title === undefined || ["input", "output", "note", "group"].includes(type) ? [] : [title]
    }),
  ),
]

/** Templates whose name, description or steps have every word of the search. */
export function matching(templates: readonly Template[], search: string): Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return templates.filter((template) => {
    const text = [template.name, template.description, ...kindsIn(template)].join(" ").toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
