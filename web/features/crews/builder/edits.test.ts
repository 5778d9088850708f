import { expect, it } from "vitest"
import { CrewDraft } from "#core/crew/crew"
import {
  delegationOf,
  inputNames,
  movedTask,
  nameFrom,
  renamedPosition,
  withEdge,
  withMember,
  withoutEdge,
  withoutMember,
  withoutTask,
  withTask,
  withTaskAt,
} from "./edits.ts"

const agent = (n: number) => `agent_01JD000000000000000000000${n}`

const crew = CrewDraft.parse({
  name: "Newsroom",
  collaboration_pattern: "hierarchical",
  agents: ["editor", "writer", "critic"].map((position, n) => ({ agent_id: agent(n), position })),
  tasks: [
    { id: "research", description: "Find what is known of {{ input.topic }}", position: "writer" },
    { id: "draft", description: "Write for {{ input.reader }}", context: ["research"], position: "writer" },
  ],
  config: { manager: "editor" },
})
const after = (patch: Partial<CrewDraft>): CrewDraft => ({ ...crew, ...patch })

it("lets the manager hand work to everybody until somebody draws an edge", () => {
  expect(delegationOf(crew)).toEqual({
    edges: [
      { from: "editor", to: "writer" },
      { from: "editor", to: "critic" },
    ],
    isDrawn: false,
  })
  const drawn = after(withEdge(crew, "writer", "critic"))
  expect(delegationOf(drawn).isDrawn).toBe(true)
  expect(delegationOf(drawn).edges).toHaveLength(3)
  expect(delegationOf({ ...crew, collaboration_pattern: "parallel" }).edges).toEqual([])
})

it("draws no edge twice, and none to itself", () => {
  expect(withEdge(crew, "editor", "writer")).toEqual({})
  expect(withEdge(crew, "writer", "writer")).toEqual({})
})

it("keeps the others when one edge that followed from the pattern is taken away", () => {
  expect(after(withoutEdge(crew, "editor", "writer")).config.delegation).toEqual([
    { from: "editor", to: "critic" },
  ])
})

it("takes a member out of everything that names it", () => {
  const drawn = after(withEdge(crew, "writer", "critic"))
  const left = { ...drawn, ...withoutMember(drawn, "writer") }
  expect(left.agents.map((one) => one.position)).toEqual(["editor", "critic"])
  expect(left.tasks.map((task) => task.position)).toEqual([undefined, undefined])
  expect(left.config.delegation).toEqual([{ from: "editor", to: "critic" }])
  expect(after(withoutMember(crew, "editor")).config.manager).toBeUndefined()
})

it("renames a member everywhere, and a task in the context of others", () => {
  const drawn = after(withEdge(crew, "writer", "critic"))
  const renamed = { ...drawn, ...renamedPosition(drawn, "writer", "author") }
  expect(JSON.stringify(renamed)).not.toContain('"writer"')
  expect(renamed.config.manager).toBe("editor")
  expect(after(withTaskAt(crew, 0, { id: "digging" })).tasks[1]?.context).toEqual(["digging"])
  expect(after(withoutTask(crew, 0)).tasks).toMatchObject([{ id: "draft", context: [] }])
})

it("names new members and tasks by what they are, each once", () => {
  expect(nameFrom("Señor Écrivain 2nd!", [], "member")).toBe("sen_or_e_crivain_2nd")
  expect(nameFrom("42", [], "member")).toBe("member")
  expect(withMember(crew, { id: agent(5), name: "Writer" }).agents.at(-1)?.position).toBe("writer_2")
  const more = withTask({ ...crew, collaboration_pattern: "sequential" }).tasks.at(-1)
  expect(more).toMatchObject({ id: "task_3", position: "editor" })
  expect(withTask(crew).tasks.at(-1)?.position).toBeUndefined()
})

it("moves a task, and leaves the list alone where there is no such place", () => {
  expect(movedTask(crew, 1, 0).tasks?.map((task) => task.id)).toEqual(["draft", "research"])
  expect(movedTask(crew, 1, 2)).toEqual({})
})

it("reads from the tasks what the input is asked for", () => {
  expect(inputNames(crew)).toEqual(["topic", "reader"])
})
