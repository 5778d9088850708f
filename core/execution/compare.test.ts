import { describe, expect, it } from "vitest"
import type { Json } from "#core/json"
import { compare, type ComparedExecution, type ComparedStep, type StepComparison } from "./compare.ts"

const step = (node_id: string, change: Partial<ComparedStep> = {}): ComparedStep => ({
  node_id,
  scope: "",
  status: "succeeded",
  input: null,
  output: null,
  error: null,
  duration_ms: 1,
  cost_micros: 0,
  ...change,
})
const execution = (nodes: ComparedStep[], change: Partial<ComparedExecution> = {}): ComparedExecution => ({
  inputs: {},
  outputs: null,
  error: null,
  nodes,
  ...change,
})

function outputs(left: Json, right: Json): StepComparison {
  const [one] = compare(
    execution([step("a", { output: left })]),
    execution([step("a", { output: right })]),
  ).steps
  if (!one) throw new Error("no step was compared")
  return one
}

describe("two executions", () => {
  it("are the same where only times differ", () => {
    const until = (time: string) => step("w", { input: { until: time } })
    const answered = (time: string) => step("q", { output: { button: "yes", answered_at: time } })
    const at = (time: string, ms: number) =>
      execution([step("a", { output: { n: 1 }, duration_ms: ms }), until(time), answered(time)])
    const { steps, differences } = compare(
      at("2026-01-01T00:00:00.000Z", 5),
      at("2026-02-02T00:00:00.000Z", 9),
    )
    expect(steps.map((one) => [one.key, one.change, one.left?.duration_ms, one.right?.duration_ms])).toEqual([
      ["a", "same", 5, 9],
      ["w", "same", 1, 1],
      ["q", "same", 1, 1],
    ])
    expect([differences, ...steps.map((one) => one.differences)]).toEqual([[], [], [], []])
  })

  it("are aligned by keys, with what only one of them did in its place", () => {
    const left = execution([step("a"), step("b"), step("c"), step("d", { scope: "each[0]" })])
    const right = execution([step("x"), step("a"), step("y"), step("c"), step("d", { scope: "each[1]" })])
    const { steps } = compare(left, right)
    expect(steps.map((one) => [one.key, one.change])).toEqual([
      ["x", "only_right"],
      ["a", "same"],
      ["y", "only_right"],
      ["b", "only_left"],
      ["c", "same"],
      ["each[1]/d", "only_right"],
      ["each[0]/d", "only_left"],
    ])
    expect(steps[0]).toMatchObject({ left: null, right: { status: "succeeded" }, differences: [] })
  })

  it("differ by paths in inputs, outputs and errors", () => {
    const error = { code: "a.b", message: "No" }
    const { steps, differences } = compare(
      execution([step("a", { input: { prompt: "x" }, output: { list: [1, 2], same: true } })], {
        inputs: { n: 1 },
        outputs: "done",
      }),
      execution([step("a", { status: "failed", input: { prompt: "y" }, output: null, error })], {
        inputs: { n: 1, m: 2 },
        outputs: null,
        error: { ...error, node_id: "a" },
      }),
    )
    expect(steps[0]?.change).toBe("changed")
    expect(steps[0]?.differences).toEqual([
      { path: "input.prompt", left: "x", right: "y" },
      { path: "output", left: { list: [1, 2], same: true }, right: null },
      { path: "error", left: null, right: error },
    ])
    expect(differences.map((one) => one.path)).toEqual(["inputs.m", "outputs", "error"])
    expect(differences[0]).toEqual({ path: "inputs.m", right: 2 })
  })

  it("differ by how a step ended, though its values are alike", () => {
    const { steps } = compare(execution([step("a")]), execution([step("a", { status: "skipped" })]))
    expect(steps[0]).toMatchObject({ change: "changed", differences: [] })
  })

  it("tell a value that is missing from null, lists from objects, and names from what objects inherit", () => {
    expect(outputs({ a: null }, {}).differences).toEqual([{ path: "output.a", left: null }])
    expect(outputs([], {}).change).toBe("changed")
    expect(outputs([1], [1, 2]).differences).toEqual([{ path: "output.1", right: 2 }])
    expect(outputs({ constructor: 1 }, {}).differences).toEqual([{ path: "output.constructor", left: 1 }])
    expect(outputs({ a: 1, b: 2 }, { b: 2, a: 1 }).change).toBe("same")
  })

  it("say a hundred differences of a step and five thousand in all, and cut long values", () => {
    const list = (value: Json) => Array.from({ length: 300 }, () => value)
    expect(outputs(list(1), list(2)).differences).toHaveLength(100)
    const many = (value: Json) =>
      execution(Array.from({ length: 80 }, (_, i) => step(`n${i}`, { output: list(value) })))
    const { steps } = compare(many(1), many(2))
    expect(steps.every((one) => one.change === "changed")).toBe(true)
    expect(steps.flatMap((one) => one.differences)).toHaveLength(5_000)
    const [cut] = outputs("x".repeat(5_000), { text: "y".repeat(5_000) }).differences
    expect(cut).toEqual({
      path: "output",
      left: `${"x".repeat(1_000)}… (5000 characters)`,
      right: `{"text":"${"y".repeat(991)}… (5011 characters)`,
    })
  })
})
