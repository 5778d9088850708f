import { describe, expect, it } from "vitest"
import { AgentConfig, type AgentDefinition } from "#core/agent/agent"
import type { Json, JsonObject } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import { FlowId, ToolId } from "#core/ids"
import { builtinTool } from "#core/tool/builtin/all"
import type { Risk, ToolDefinition } from "#core/tool/tool"
import type { AgentAtWork } from "./at-work.ts"
import { turnGraph } from "./body.ts"
import { questionOf } from "./conversation.ts"
import { violation } from "./guardrail.ts"
import { graceMs, lastCall } from "./limits.ts"
import { systemPrompt, taskPrompt } from "./prompt.ts"
import { isStuck, timesCalled } from "./stuck.ts"
import { thoughtOf } from "./thought.ts"
import { toolGraph } from "./tool-node.ts"
import { toolSpecs, verdictOn } from "./tools.ts"
import { turnOf, type Turn } from "./turn.ts"

const agent = (more: Partial<AgentDefinition> = {}, config: JsonObject = {}): AgentDefinition => ({
  agent_id: "agent_01JD0000000000000000000001",
  version: 1,
  name: "Ana",
  description: "",
  role: "",
  goal: "",
  backstory: "",
  system_prompt: "",
  tools: [],
  ...more,
  config: AgentConfig.parse(config),
})
const math = builtinTool("builtin:math")!.definition
const atWork = (more: Partial<AgentAtWork> = {}): AgentAtWork => ({
  agent: agent(),
  position: undefined,
  tools: [math],
  delegates: [],
  max_delegations: 2,
  output_schema: undefined,
  guardrails: [],
  max_cost_micros: undefined,
  memory_of: undefined,
  ...more,
})
const call = (name: string, args: Json, id = "c"): ToolCall => ({ id, name, arguments: args })
const turn = (more: Partial<Turn> = {}): Turn => ({
  text: "",
  tool_calls: [],
  answers: [],
  answer: undefined,
  fault: undefined,
  isLast: false,
  handed_on: [],
  ...more,
})
const writer = {
  position: "writer",
  agent: agent({ name: "Wim", role: "writes" }),
  max_cost_micros: undefined,
}
const now = "2026-01-01T00:00:00.000Z"

describe("what an agent is told of itself", () => {
  it("begins with its own words; role, goal and backstory follow where there are any", () => {
    const said = { system_prompt: "Be kind.", role: "a guide", goal: "Help.", backstory: "Born in Rome." }
    expect(systemPrompt(atWork({ agent: agent(said), tools: [] }))).toBe(
      "Be kind.\n\nYou are Ana, a guide.\n\nYour goal: Help.\n\nBorn in Rome.",
    )
    expect(systemPrompt(atWork({ tools: [] }))).toBe("You are Ana.")
  })

  it("names colleagues and the schema of its answer", () => {
    const said = systemPrompt(atWork({ delegates: [writer], output_schema: { type: "object" } }))
    expect(said).toContain("- writer: writes")
    expect(said).toContain('{"type":"object"}')
  })

  it("gives a task what it expects and what came before it", () => {
    expect(taskPrompt(" Do. ", "", [{ name: "one", value: { a: 1 } }])).toBe(
      'Do.\n\nWhat one came to:\n{"a":1}',
    )
    expect(taskPrompt("", "  ", [])).toBe("")
  })
})

describe("a verdict on a call", () => {
  const verdict = (one: ToolCall, earlier: ToolCall[] = [], delegations = 0) =>
    verdictOn(one, atWork({ delegates: [writer] }), earlier, delegations)

  it("lets what was granted pass, with arguments that fit", () => {
    expect(verdict(call("math", { expression: "1" }))).toEqual({ route: "call" })
    expect(verdict(call("delegate_to_writer", { task: "Write." }))).toEqual({ route: "to_writer" })
    const asks = atWork({ tools: [{ ...math, needs_approval: true }] })
    expect(verdictOn(call("math", { expression: "1" }), asks, [], 0)).toEqual({ route: "ask" })
  })

  it.each([
    [
      "a tool that was not granted",
      call("time", {}),
      /no tool time for you\. You have delegate_to_writer, math/,
    ],
    [
      "a colleague whom no edge leads to",
      call("delegate_to_boss", { task: "x" }),
      /no tool delegate_to_boss/,
    ],
    ["what every object inherits", call("constructor", {}), /no tool constructor/],
    ["arguments that are no object", call("math", ["1"]), /are an object/],
    ["arguments that lack a field", call("math", {}), /do not fit math.*expression/],
    ["a field too many", call("math", { expression: "1", shell: "rm" }), /do not fit math/],
    ["a wrong type", call("math", { expression: { toString: 1 } }), /do not fit math/],
    ["work without a task", call("delegate_to_writer", { task: "" }), /do not fit delegate_to_writer/],
  ])("refuses %s", (_, one, said) => {
    expect(verdict(one)).toEqual({ wrong: expect.stringMatching(said) })
  })

  it("[A12] a call that acts on the world outside leads to a question that somebody else than the starter answers", () => {
    const tool = (name: string, risk: Risk, kind: "math" | "flow" = "math"): ToolDefinition => ({
      ...(kind === "flow"
        ? {
            id: ToolId.parse("tool_01JD0000000000000000000002"),
            kind,
            execution_config: { flow_id: FlowId.parse("flow_01JD0000000000000000000002") },
          }
        : { id: `builtin:${name}` as const, kind: "builtin" as const }),
      name,
      description: "Does it",
      input_schema: {},
      risk,
      needs_approval: true,
    })
    const tools = [tool("look", "read"), tool("drop", "danger"), tool("wipe", "danger", "flow")]
    const work = atWork({ tools })
    const routes = tools.map(({ name }) => verdictOn(call(name, {}), work, [], 0))
    expect(routes).toEqual([{ route: "ask" }, { route: "ask__others" }, { route: "ask_wipe" }])
    const { nodes, edges } = turnGraph(work)
    const asked = nodes.filter(({ type }) => type === "approval")
    expect(asked.map(({ id, data }) => [id, data["by_others"]])).toEqual([
      ["ask", undefined],
      ["ask__others", true],
      ["ask_wipe", true],
    ])
    expect(edges.filter(({ source }) => source === "ask__others").map(({ target }) => target)).toEqual([
      "call",
    ])
    expect(toolGraph(tools[1]!).nodes[0]!.data["by_others"]).toBe(true)
    expect(toolGraph(tools[0]!).nodes[0]!.data["by_others"]).toBeUndefined()
  })

  it("refuses the third of the same, in whatever order its arguments stand", () => {
    const query = (data: JsonObject) => call("math", data)
    const earlier = [query({ expression: "1", a: 1 }), query({ a: 1, expression: "1" })]
    expect(timesCalled(query({ expression: "1", a: 1 }), earlier)).toBe(2)
    const same = call("math", { expression: "1" })
    expect(verdict(same, [same])).toEqual({ route: "call" })
    expect(verdict(same, [same, same])).toEqual({ wrong: expect.stringContaining("2 times") })
  })

  it("refuses to hand on more than may be", () => {
    const one = call("delegate_to_writer", { task: "Write." })
    expect(verdict(one, [], 1)).toEqual({ route: "to_writer" })
    expect(verdict(one, [], 2)).toEqual({ wrong: expect.stringContaining("2 times in this task") })
  })

  it("knows a colleague before a tool that took the same name", () => {
    const taken = { ...math, name: "delegate_to_writer" }
    const work = atWork({ tools: [taken], delegates: [writer] })
    expect(toolSpecs(work).map((one) => one.description.slice(0, 5))).toEqual(["Hands"])
    expect(verdictOn(call("delegate_to_writer", { task: "x" }), work, [], 0)).toEqual({ route: "to_writer" })
  })
})

describe("a question", () => {
  const calls = [call("math", { expression: "1" }, "c1"), call("math", { expression: "2" }, "c2")]
  const asked = turn({
    text: "Let me see.",
    tool_calls: calls,
    answers: [
      { content: "1", is_error: false },
      { content: "No.", is_error: true },
    ],
  })

  it("holds everything that was said and done, and no more of it than it may", () => {
    const { call: question, last } = questionOf(atWork(), "Count.", undefined, [asked])
    expect(last).toBeUndefined()
    expect(question.messages.slice(1)).toEqual([
      { role: "user", content: "Count." },
      { role: "assistant", content: "Let me see.", tool_calls: calls },
      { role: "tool", tool_call_id: "c1", name: "math", content: "1" },
      { role: "tool", tool_call_id: "c2", name: "math", content: "No.", is_error: true },
    ])
    const long = turn({
      tool_calls: calls.slice(0, 1),
      answers: [{ content: "x".repeat(150_000), is_error: false }],
    })
    const cut = questionOf(atWork(), "Count.", undefined, [long, long, long]).call.messages
    expect(cut.filter((one) => one.role === "tool").map((one) => one.content.length)).toEqual([
      412, 150_000, 150_000,
    ])
  })

  it("is asked without tools at the most steps, and when the agent goes in a circle", () => {
    const few = atWork({ agent: agent({}, { limits: { max_iterations: 1 } }) })
    const { call: question, last } = questionOf(few, "Count.", undefined, [asked])
    expect([last, question.tools]).toEqual(["limit", undefined])
    expect(question.messages.at(-1)).toMatchObject({
      role: "user",
      content: expect.stringContaining("without tools"),
    })
    const again = Array.from({ length: 4 }, () => turn({ tool_calls: calls.slice(0, 1) }))
    expect([isStuck(again.slice(1)), isStuck(again)]).toEqual([false, true])
    expect(questionOf(atWork(), "Count.", undefined, again).last).toBe("stuck")
  })

  it("counts no answer that was mended as a step", () => {
    const { config } = agent({}, { limits: { max_iterations: 2 } })
    expect(lastCall(config, [turn({ fault: "No." }), turn()])).toBeUndefined()
    expect(lastCall(config, [turn(), turn()])).toBe("limit")
  })

  it("asks for a form once an answer did not fit the schema", () => {
    const work = atWork({ output_schema: { type: "object" } })
    expect(questionOf(work, "x", undefined, []).call).toMatchObject({ tools: [{ name: "math" }] })
    const { tools, output_schema } = questionOf(work, "x", undefined, [
      turn({ text: "hm", fault: "No." }),
    ]).call
    expect([tools, output_schema]).toEqual([undefined, { type: "object" }])
  })
})

describe("a reply", () => {
  const take = (work: AgentAtWork, text: string, turns: Turn[] = [], more = {}) =>
    thoughtOf(work, turns, undefined, { text, ...more }, now)

  it("that asks for calls is made, unless it was to be the last", async () => {
    const tool_calls = [call("math", {})]
    expect(await take(atWork(), "", [], { tool_calls })).toEqual({
      output: { text: "", tool_calls },
      handles: ["calls"],
    })
    expect(await thoughtOf(atWork(), [], "limit", { text: "So.", tool_calls }, now)).toEqual({
      output: { text: "So.", answer: "So.", ended: "limit" },
      handles: ["out"],
    })
  })

  it("that does not do is given back, as often as it may be", async () => {
    const work = atWork({
      agent: agent({}, { guardrail_retries: 1 }),
      output_schema: { type: "object", required: ["n"] },
    })
    expect((await take(work, '```json\n{"n": 1}\n```')).output["answer"]).toEqual({ n: 1 })
    expect((await take(work, "hello")).output["fault"]).toBe("The answer is not valid JSON.")
    await expect(take(work, "{}", [turn({ fault: "No." })])).rejects.toMatchObject({
      code: "agent.bad_output",
    })
    const strict = atWork({ agent: agent({}, { guardrail_retries: 0 }) })
    await expect(take(strict, "  ")).rejects.toMatchObject({ code: "agent.no_answer", retry: false })
  })
})

describe("guardrails", () => {
  const violates = (answer: Json, ...guardrails: Parameters<typeof violation>[1][number][]) =>
    violation(answer, guardrails, now)

  it("bound the length, the words, and what an expression says", async () => {
    expect(await violates("abc", { type: "max_characters", most: 3 })).toBeUndefined()
    expect(await violates("abcd", { type: "max_characters", most: 3 })).toContain("4 characters")
    expect(await violates("abc", { type: "must_match", pattern: "^a" })).toBeUndefined()
    expect(await violates("abc", { type: "must_match", pattern: "^b" })).toContain("^b")
    expect(await violates("abc", { type: "must_not_match", pattern: "b", message: "No b." })).toBe("No b.")
    const big = { type: "expression" as const, when: "output.n > 1", message: "Too small." }
    expect([await violates({ n: 2 }, big), await violates({ n: 1 }, big)]).toEqual([undefined, "Too small."])
  })

  it("whose expression fails, or is a text, do not hold", async () => {
    const says = (when: string) => violates("x", { type: "expression", when, message: "No." })
    expect(await says("$error('x')")).toBe("No.")
    expect(await says("'false'")).toBe("No.")
    expect(await says("$length(output) = 1")).toBeUndefined()
  })

  it("take no longer for a pattern that was made to take forever", async () => {
    expect(await violates(`${"a".repeat(50_000)}!`, { type: "must_match", pattern: "^(a+)+$" })).toBeDefined()
  })
})

it("an agent whose time is over has a fifth of it for its answer, and between ten seconds and a minute", () => {
  expect([1, 60, 120, 300, 3_600].map(graceMs)).toEqual([10_000, 12_000, 24_000, 60_000, 60_000])
})

describe("what a turn came to", () => {
  it("is read from its scope's output, whatever that is", () => {
    expect(turnOf(undefined)).toEqual(turn())
    expect(turnOf("x")).toEqual(turn())
    const answers = turnOf({
      think: { text: "t", tool_calls: [] },
      calls: [
        { check: null, call: { a: 1 } },
        { check: null, to_writer: "text" },
        { check: null, failed: { code: "http.timeout", message: "Too slow." } },
        { check: { wrong: "No such tool." } },
        { check: null, ask: { button: "refuse", form: { comment: "No." } } },
        { check: null, ask: { button: null, timed_out: true } },
        7,
      ],
    }).answers
    expect(answers.map((one) => [one.content.slice(0, 42), one.is_error])).toEqual([
      ['{"a":1}', false],
      ["text", false],
      ["Too slow.", true],
      ["No such tool.", true],
      ["A person refused this call. They said: No.", true],
      ["Nobody answered whether this call may be m", true],
      ["This call came to nothing.", true],
    ])
  })
})
