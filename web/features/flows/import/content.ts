import type { BodyIn } from "#core/contract/endpoint"
import type { flowsApi } from "#core/contract/flows"

export type ImportContent = BodyIn<typeof flowsApi.import>["content"]

export type NamedText = { name: string; text: string }

/** Which of CrewAI's two files a text is, by its name and else by what stands in it. */
function crewFileOf({ name, text }: NamedText): "agents_yaml" | "tasks_yaml" | null {
  if (!/\.ya?ml$/i.test(name)) return null
  if (/task/i.test(name)) return "tasks_yaml"
  if (/agent/i.test(name)) return "agents_yaml"
  if (/^\s+expected_output:/m.test(text)) return "tasks_yaml"
  return /^\s+(role|backstory|goal):/m.test(text) ? "agents_yaml" : null
}

/** What is sent of the files that were chosen: one as its text, CrewAI's two under their names. Null for several of anything else. */
export function contentOf(files: readonly NamedText[]): ImportContent | null {
  const [first] = files
  if (files.length === 1) return first!.text
  const found = Object.fromEntries(
    files.flatMap((file) => {
      const which = crewFileOf(file)
      return which === null ? [] : [[which, file.text]]
    }),
  )
  return files.length === 2 && "agents_yaml" in found && "tasks_yaml" in found ? found : null
}
