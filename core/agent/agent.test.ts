import { describe, expect, it } from "vitest"
import { AgentDraft, AgentOverrides } from "./agent.ts"

describe("what is changed of an agent", () => {
  it("is what was named, and nothing else", () => {
    expect(AgentOverrides.parse({})).toEqual({})
    expect(AgentOverrides.parse({ config: { temperature: 1 } })).toEqual({ config: { temperature: 1 } })
  })

  it("can be everything that an agent's configuration has", () => {
    const { config } = AgentDraft.parse({ name: "Ana" })
    expect(AgentOverrides.parse({ config }).config).toEqual(config)
  })
})
