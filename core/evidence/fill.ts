import type { Facts } from "./facts.ts"
import { answered, type Report, type ReportKind } from "./report.ts"
import { limits, templates } from "./templates.ts"

type About = Pick<Report, "workspace" | "generated_at" | "generated_by" | "since">

/** A report: the template's questions, answered by the facts and by nothing else. */
export function filled(kind: ReportKind, facts: Facts, about: About): Report {
  const { title, questions } = templates[kind]
  return {
    format: "edgecrew.evidence.v1",
    report: kind,
    title,
    ...about,
    controls: questions.map((question) => answered(question, facts)),
    limits: [...limits],
  }
}

/** The text that is signed: JSON without spaces, names in order, as RFC 8785 has it for texts and whole numbers. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(",")}}`
}

const words = { shown: "Shown", partly: "Shown in part", not_shown: "Not shown by the data" } as const

/** A text in a table's cell or a paragraph: what Markdown would take for its own is escaped. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>|#]/g, "\\$&").replace(/\s+/g, " ")

/** The report to be read and printed. */
export function markdownOf(report: Report): string {
  const { title, workspace, generated_at, generated_by, since, controls } = report
  const count = (state: keyof typeof words) => controls.filter((one) => one.state === state).length
  const head = `# ${plain(title)}

Workspace ${plain(workspace.name)} (\`${workspace.id}\`), ${generated_at}, by \`${generated_by}\`. Counts of what happened are since ${since}.

${count("shown")} shown, ${count("partly")} shown in part, ${count("not_shown")} not shown by the data.
`
  const body = controls.map(
    ({ id, title: name, state, evidence, missing }) => `## ${plain(id)} ${plain(name)}

**${words[state]}**

${[...evidence.map((one) => `- ${plain(one)}`), ...missing.map((one) => `- Missing: ${plain(one)}`)].join("\n")}
`,
  )
  const tail = `## What this report does not say

${report.limits.map((one) => `- ${plain(one)}`).join("\n")}
`
  return [head, ...body, tail].join("\n")
}
