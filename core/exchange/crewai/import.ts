import { importCrewAi, type ImportedCrew } from "#core/crew/crewai-import"
import type { Surroundings } from "#core/crew/crewai-reader"
import { isJsonObject, type JsonObject } from "#core/json"
import { Drawing } from "../drawing.ts"
import type { Drawn } from "../drawn.ts"
import { textOf } from "../fields.ts"

/** CrewAI's two files, as texts. */
export type CrewFiles = { agents_yaml: string; tasks_yaml: string; name?: string }

/** The two files out of whatever holds them: texts under their names, or one document with both. */
export function crewFilesOf(value: JsonObject): CrewFiles | undefined {
  const name = textOf(value["name"]).trim()
  const named = name === "" ? {} : { name }
  if (typeof value["agents_yaml"] === "string" && typeof value["tasks_yaml"] === "string")
    return { agents_yaml: value["agents_yaml"], tasks_yaml: value["tasks_yaml"], ...named }
  const { agents, tasks } = value
  if ((isJsonObject(agents) || Array.isArray(agents)) && (isJsonObject(tasks) || Array.isArray(tasks)))
    // JSON is YAML.
    return {
      agents_yaml: JSON.stringify(agents),
      tasks_yaml: JSON.stringify(tasks),
      ...named,
    }
  return undefined
}

/** A crew of CrewAI as a flow that gives it its inputs; the crew and its agents are made beside the flow. */
export function importCrewFlow(
  value: JsonObject,
  here: Surroundings,
  crew_id: string,
): Drawn & { crew?: ImportedCrew } {
  const files = crewFilesOf(value)
  if (!files)
    return {
      ok: false,
      faults: [
        {
          path: "content",
          message: "A crew of CrewAI is two files. Send agents.yaml and tasks.yaml together.",
        },
      ],
    }
  const name = (files.name ?? "Imported crew").slice(0, 120)
  const read = importCrewAi({ ...files, name, collaboration_pattern: "sequential" }, here)
  if (!read.ok)
    return { ok: false, faults: read.faults.map((one) => ({ ...one, path: `content.${one.path}` })) }
  const crew = read.value
  const drawing = new Drawing("crewai")
  const input = drawing.add("input", "input", { x: 0, y: 0 }, {}, "Input")
  const node = drawing.add("crew", "crew", { x: 280, y: 0 }, { crew_id, input: "{{ input }}" }, name)
  const output = drawing.add("output", "output", { x: 560, y: 0 }, {}, "Output")
  drawing.connect(input.id, node.id)
  drawing.connect(node.id, output.id)
  drawing.say({
    id: node.id,
    name,
    kind: "crew",
    becomes: "crew",
    fidelity: "changed",
    notes: [
      "Its pattern is sequential: CrewAI says the process in Python. Change it on the crew's page.",
      "Tools, models and callbacks that crew.py gives its agents are not in these files.",
    ],
  })
  for (const [file, kind] of [
    ["agents_yaml", "agent"],
    ["tasks_yaml", "task"],
  ] as const)
    say(drawing, crew, file, kind)
  return { ok: true, name, version: "", drawing, crew, ...schemaOf(crew) }
}

/** A line for each agent and task: what was taken over, what changed and what was left out of it. */
function say(drawing: Drawing, { report }: ImportedCrew, file: string, kind: string): void {
  const lines = [
    ...report.mapped.map((one) => ({ path: one.path, note: undefined })),
    ...report.changed.map((one) => ({ path: one.path, note: one.why })),
    ...report.dropped.map((one) => ({ path: one.path, note: `Left out: ${one.why}` })),
  ].filter((one) => one.path.startsWith(`${file}.`))
  const byName = new Map<string, string[]>()
  for (const { path, note } of lines) {
    const [, name = "", ...field] = path.split(".")
    const notes = byName.get(name) ?? []
    if (note !== undefined) notes.push(field.length > 0 ? `${field.join(".")}: ${note}` : note)
    byName.set(name, notes)
  }
  for (const [name, notes] of byName)
    drawing.say({
      name,
      kind,
      becomes: kind === "agent" ? "agent" : "crew",
      fidelity: notes.length > 0 ? "changed" : "exact",
      notes,
    })
}

/** The inputs that the crew's texts ask for. */
function schemaOf(crew: ImportedCrew): { input_schema?: JsonObject } {
  const ids = new Map(
    crew.agents.map(({ position }) => [position, "agent_00000000000000000000000000" as never]),
  )
  const { input_schema } = crew.crew(ids)
  return input_schema === undefined ? {} : { input_schema }
}
