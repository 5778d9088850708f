import { expect, it } from "vitest"
import { contentOf } from "./content.ts"

it("sends one file as its text, whatever it is", () => {
  expect(contentOf([{ name: "flow.json", text: "{}" }])).toBe("{}")
})

it("puts CrewAI's two files under their names, by what they are called or what stands in them", () => {
  const agents = "scout:\n  role: a\n  goal: b\n  backstory: c\n"
  const tasks = "look:\n  description: a\n  expected_output: b\n"
  const both = { agents_yaml: agents, tasks_yaml: tasks }
  expect(
    contentOf([
      { name: "tasks.yaml", text: tasks },
      { name: "agents.yaml", text: agents },
    ]),
  ).toEqual(both)
  expect(
    contentOf([
      { name: "a.yml", text: agents },
      { name: "b.yml", text: tasks },
    ]),
  ).toEqual(both)
})

it("takes no other two files at once", () => {
  expect(
    contentOf([
      { name: "a.json", text: "{}" },
      { name: "b.json", text: "{}" },
    ]),
  ).toBeNull()
  expect(
    contentOf([
      { name: "tasks.yaml", text: "a" },
      { name: "more-tasks.yaml", text: "b" },
    ]),
  ).toBeNull()
})
