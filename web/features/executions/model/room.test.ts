import { describe, expect, it, vi } from "vitest"
import type { Execution } from "#core/contract/executions"
import { AgentDraft } from "#core/agent/agent"
import { CrewConfig } from "#core/crew/crew"
import type { NewEvent } from "#core/execution/event"
import { begun } from "../test-flows.ts"
import { liveOf } from "../test-watch.tsx"
import { DrawnFlow } from "./drawn-flow.ts"
import { drawn } from "./room-drawing.ts"
import { cardAt, outlineOf, type Card } from "./room.ts"

const crewId = "crew_01JD0000000000000000000000"
const team = ["boss", "writer", "critic"] as const

const agent = (position: (typeof team)[number]) => ({
  ...AgentDraft.parse({
    name: position[0]!.toUpperCase() + position.slice(1),
    config: { allow_delegation: true },
  }),
  agent_id: `agent_01JD000000000000000000000${team.indexOf(position)}`,
  version: 1,
  tools: [],
})

const graph = {
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    { id: "team", type: "crew", position: { x: 1, y: 0 }, label: "The team", data: { crew_id: crewId } },
    { id: "out", type: "output", position: { x: 2, y: 0 }, data: {} },
  ],
  edges: [
    { id: "1", source: "input", target: "team" },
    { id: "2", source: "team", target: "out" },
  ],
  crews: {
    [crewId]: {
      crew_id: crewId,
      version: 1,
      name: "Team",
      description: "",
      collaboration_pattern: "hierarchical",
      tasks: ["report", "summary"].map((id) => ({
        id,
        description: `Do the ${id}`,
        expected_output: "",
        guardrails: [],
      })),
      members: team.map((position) => ({ position, agent: agent(position) })),
      config: CrewConfig.parse({
        manager: "boss",
        max_depth: 3,
        delegation: [
          { from: "boss", to: "writer" },
          { from: "writer", to: "critic" },
        ],
      }),
    },
  },
} as unknown as Execution["graph"]

const placeOf = (key: string) => {
  const cut = key.lastIndexOf("/")
  return { node_id: key.slice(cut + 1), ...(cut < 0 ? {} : { scope: key.slice(0, cut) }), attempt: 1 }
}
const started = (key: string): NewEvent => ({ type: "node.started", ...placeOf(key), data: {} })
const opened = (key: string, index?: number): NewEvent => ({
  type: "scope.opened",
  ...placeOf(key),
  data: { path: index === undefined ? key : `${key}[${index}]`, ...(index === undefined ? {} : { index }) },
})
const spent = (key: string): NewEvent => ({
  type: "model.finished",
  ...placeOf(key),
  data: {
    model: "m",
    finish_reason: "stop",
    usage: { input_tokens: 10, output_tokens: 1 },
    cost_micros: 7,
    latency_ms: 1,
  },
})

/** A turn in which work is handed to a colleague, who has had one thought. */
const handing = (from: string, turn: number, to: string): NewEvent[] => {
  const calls = `${from}[${turn}]/calls`
  const step = `${calls}[0]/to_${to}`
  return [
    opened(from, turn),
    started(`${from}[${turn}]/think`),
    spent(`${from}[${turn}]/think`),
    started(calls),
    opened(calls, 0),
    started(step),
    opened(step, 0),
    started(`${step}[0]/think`),
    spent(`${step}[0]/think`),
  ]
}

const report = "team/report"
const writer = (turn: number) => `${report}[${turn}]/calls[0]/to_writer`

async function worked(times: number) {
  const turns = Array.from({ length: times }, (_, turn) => handing(report, turn, "writer")).flat()
  const deeper = handing(writer(0), 1, "critic")
  const { live } = liveOf([...begun, started("team"), opened("team"), started(report), ...turns, ...deeper])
  live.open()
  await vi.waitFor(() => expect(live.events.length).toBeGreaterThan(turns.length + deeper.length), {
    timeout: 10_000,
  })
  return { live, flow: new DrawnFlow(graph) }
}

const words = (cards: readonly Card[]): unknown[] =>
  cards.map(({ label, inside }) => (inside.length > 0 ? [label, words(inside)] : label))

describe("the inside of a crew", () => {
  it("has each task with who works at it, and in it each delegation, however deep", async () => {
    const { live, flow } = await worked(2)
    expect(flow.roomOf("team")).toBe("team")
    expect(flow.roomOf(writer(0))).toBe("team")
    const { cards, delegations } = outlineOf(live, flow, "team")
    expect(words(cards)).toEqual([["report · Boss", [["Writer", ["Critic"]], "Writer 2"]], "summary · Boss"])
    expect(delegations).toBe(3)
  })

  it("has one card for each colleague where there are many delegations, or where somebody chose so", async () => {
    const { live, flow } = await worked(100)
    const { cards, delegations } = outlineOf(live, flow, "team")
    expect(delegations).toBe(101)
    expect(words(cards)).toEqual([["report · Boss", [["Writer", ["Critic"]]]], "summary · Boss"])
    expect(cards[0]!.inside[0]!.keys).toHaveLength(100)
    expect(outlineOf(live, flow, "team", true).cards[0]!.inside).toHaveLength(100)
  })

  it("counts for each card what was spent at it and within it, to the token", async () => {
    const { live, flow } = await worked(100)
    const { cards } = outlineOf(live, flow, "team")
    const spentAt = (id: string) => live.steps.whole(id)
    const [boss] = cards
    const [writers] = boss!.inside
    expect(spentAt(writers!.inside[0]!.id)).toMatchObject({ cost_micros: 7, usage: { input_tokens: 10 } })
    // A hundred thoughts of writers, one more of the first, and the critic's.
    expect(spentAt(writers!.id)).toMatchObject({ cost_micros: 102 * 7, usage: { input_tokens: 1_020 } })
    expect(spentAt(boss!.id)).toMatchObject({ cost_micros: 202 * 7, usage: { output_tokens: 202 } })
    expect(spentAt("team")?.cost_micros).toBe(live.state.cost_micros)
  })

  it("leads from any step to the card that stands for it", async () => {
    const { live, flow } = await worked(2)
    const { cards } = outlineOf(live, flow, "team")
    expect(cardAt(cards, `${writer(0)}[1]/calls[0]/to_critic[0]/think`)?.label).toBe("Critic")
    expect(cardAt(cards, `${writer(1)}[0]/think`)?.label).toBe("Writer 2")
    expect(cardAt(cards, "input")).toBeUndefined()
  })

  it("is drawn with room for everything, tasks after each other", async () => {
    const { live, flow } = await worked(100)
    const { nodes, edges } = drawn(outlineOf(live, flow, "team", true).cards)
    const boxes = new Map(nodes.map((node) => [node.id, node]))
    for (const node of nodes) {
      const frame = node.parent_id === undefined ? undefined : boxes.get(node.parent_id)
      if (!frame) continue
      expect(node.position.x + (node.size?.width ?? 200)).toBeLessThan(frame.size!.width)
      expect(node.position.y + (node.size?.height ?? 56)).toBeLessThan(frame.size!.height)
    }
    const [first, second] = nodes.filter((node) => node.parent_id === undefined)
    expect(second!.position.x).toBeGreaterThan(first!.size!.width)
    expect(edges).toMatchObject([{ source: "team/report", target: "team/summary" }])
  })
})
