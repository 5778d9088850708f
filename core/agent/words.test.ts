import { describe, expect, it } from "vitest"
import { AgentId } from "#core/ids"
import type { AgentAtWork } from "./at-work.ts"
import { AgentDraft, type AgentDefinition } from "./agent.ts"
import { systemPrompt } from "./prompt.ts"
import { inWords, wordsIn } from "./words.ts"

const definition = (change: Partial<AgentDraft>): AgentDefinition => {
  const { status: _, tool_ids: __, ...rest } = AgentDraft.parse({ name: "Ana", ...change })
  return { ...rest, agent_id: AgentId.parse("agent_01JD0000000000000000000000"), version: 1, tools: [] }
}

const atWork = (change: Partial<AgentDraft>, more: Partial<AgentAtWork> = {}): AgentAtWork => ({
  agent: definition(change),
  position: "writer",
  tools: [],
  delegates: [],
  max_delegations: 0,
  output_schema: undefined,
  guardrails: [],
  max_cost_micros: undefined,
  memory_of: undefined,
  ...more,
})

const scope = { input: { topic: "tea" }, nodes: {}, execution: {}, vars: {} }

const said = async (work: AgentAtWork) => systemPrompt(inWords(work, await wordsIn(work, scope)))

describe("a member's words", () => {
  it("speak of what the crew is given", async () => {
    const work = atWork({
      role: "an expert for {{ input.topic }}",
      goal: "Know {{ $uppercase(input.topic) }}",
      backstory: "Old",
    })
    expect(await wordsIn(work, scope)).toEqual({ role: "an expert for tea", goal: "Know TEA" })
    expect(await said(work)).toBe("You are Ana, an expert for tea.\n\nYour goal: Know TEA\n\nOld")
  })

  it("name colleagues by their roles, as those are in the crew", async () => {
    const colleague = {
      position: "reader",
      agent: definition({ role: "who reads of {{ input.topic }}" }),
      max_cost_micros: undefined,
    }
    const work = atWork({}, { delegates: [colleague] })
    expect(await said(work)).toContain("- reader: who reads of tea")
  })

  it("stay as they are without expressions, and outside of a crew", async () => {
    expect(await wordsIn(atWork({ role: "plain {x}" }), scope)).toBeUndefined()
    const alone = atWork({ role: "of {{ input.topic }}" }, { position: undefined })
    expect(await wordsIn(alone, scope)).toBeUndefined()
    expect(await said(alone)).toContain("of {{ input.topic }}")
  })

  it("never give an agent more than its words, whatever a journal holds", () => {
    const work = atWork({ role: "plain" })
    expect(inWords(work, { role: 5, tools: ["x"], agent_id: "other", colleagues: ["x"] })).toEqual(work)
    expect(inWords(work, "text")).toBe(work)
  })
})
