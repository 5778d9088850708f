import type { AgentDefinition } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import { Failure } from "#core/errors"
import type { FrozenGraph } from "#core/flow/frozen"
import type { Callee, FlowGraph, FlowNode } from "#core/flow/graph"
import { AgentData, agentKey } from "#core/flow/kinds/agent"
import { CrewData, crewKey } from "#core/flow/kinds/crew"
import { calleeKey, mostFlowDepth, SubflowData } from "#core/flow/kinds/subflow"
import { ToolData } from "#core/flow/kinds/tool"
import type { ToolDefinition } from "#core/tool/tool"
import type { Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import { crewDefinition, storedAgent, storedTool, type Refuse } from "./definitions.ts"

/** What an execution is pinned to beside its own graph: every flow, agent, crew and tool that it names, directly or by others. */
export type Pins = Required<Pick<FrozenGraph, "callees" | "agents" | "crews" | "tools">>

const mostCallees = 50
/** Agents, crews and tools that one execution names; each is frozen whole. */
const mostNamed = 50

/** Who calls whom, from the flow at hand up to the one that is executed. */
type Chain = { flow: string; name: string; before: Chain | undefined; depth: number }

/** Everything that a flow's graph names, as it is now. */
export async function pinsOf(
  ctx: Ctx,
  flow: { id: string; name: string },
  graph: FlowGraph,
  code: "flow.invalid" | "agent.not_ready" | "crew.not_ready" | "tool.not_ready" = "flow.invalid",
): Promise<Pins> {
  const collecting = new Collecting(ctx, code)
  await collecting.graph(graph, { flow: flow.id, name: flow.name, before: undefined, depth: 0 })
  return collecting.found
}

/** The flows that are tools of what is executed by itself, with all that they name. */
export async function pinsOfTools(
  ctx: Ctx,
  owner: { id: string; name: string },
  tools: readonly ToolDefinition[],
  code: "agent.not_ready" | "crew.not_ready" | "tool.not_ready",
): Promise<Pins> {
  const collecting = new Collecting(ctx, code)
  await collecting.tools(tools, { flow: owner.id, name: owner.name, before: undefined, depth: 0 }, code)
  return collecting.found
}

/** Only what there is, so that graphs which name nothing stay as they are. */
export const namedOnly = (pins: Pins): Partial<Pins> =>
  Object.fromEntries(Object.entries(pins).filter(([, named]) => Object.keys(named).length > 0))

class Collecting {
  readonly found: Pins = { callees: {}, agents: {}, crews: {}, tools: {} }
  private readonly ctx: Ctx
  private readonly code: Failure["code"]

  constructor(ctx: Ctx, code: Failure["code"]) {
    this.ctx = ctx
    this.code = code
  }

  async graph(graph: FlowGraph, chain: Chain): Promise<void> {
    for (const node of graph.nodes) await this.node(node, chain)
  }

  private async node(node: FlowNode, chain: Chain): Promise<void> {
    const { ctx, found } = this
    const path = `${node.id}.${node.type === "subflow" ? "flow" : node.type}_id`
    const refuse = this.refusing(path)
    switch (node.type) {
      case "subflow":
        return this.flow(SubflowData.parse(node.data), chain, path)
      case "agent": {
        const data = AgentData.parse(node.data)
        found.agents[agentKey(data)] ??= await storedAgent(ctx, data.agent_id, data.overrides, refuse)
        this.count(refuse)
        return this.tools(found.agents[agentKey(data)]!.tools, chain, path)
      }
      case "crew": {
        const data = CrewData.parse(node.data)
        found.crews[crewKey(data)] ??= await storedCrew(ctx, data, refuse)
        this.count(refuse)
        return this.tools(toolsOf(found.crews[crewKey(data)]!), chain, path)
      }
      case "tool": {
        const { tool_id } = ToolData.parse(node.data)
        if (tool_id.startsWith("builtin:")) return undefined
        found.tools[tool_id] ??= await storedTool(ctx, tool_id, refuse)
        this.count(refuse)
        return this.tools([found.tools[tool_id]], chain, path)
      }
      default:
        return undefined
    }
  }

  /** Tools that are flows call them. */
  async tools(tools: readonly ToolDefinition[], chain: Chain, path: string): Promise<void> {
    for (const tool of tools) if (tool.kind === "flow") await this.flow(tool.execution_config, chain, path)
  }

  private async flow(
    data: Pick<SubflowData, "flow_id" | "version">,
    chain: Chain,
    path: string,
  ): Promise<void> {
    const refuse = this.refusing(path)
    for (let caller: Chain | undefined = chain; caller; caller = caller.before) {
      if (caller.flow === data.flow_id)
        refuse(`${caller.name} would call itself by ${chain.name}, without end.`)
    }
    if (chain.depth + 1 > mostFlowDepth) refuse(`Flows may call each other ${mostFlowDepth} deep at most.`)
    const { callees } = this.found
    const callee = (callees[calleeKey(data)] ??= await calleeOf(this.ctx, data, refuse))
    if (Object.keys(callees).length > mostCallees) refuse(`A flow calls ${mostCallees} others at most.`)
    const next = { flow: data.flow_id, name: callee.name, before: chain, depth: chain.depth + 1 }
    await this.graph(callee.graph, next)
  }

  private count(refuse: Refuse): void {
    const { agents, crews: teams, tools } = this.found
    const named = [agents, teams, tools].reduce((sum, one) => sum + Object.keys(one).length, 0)
    if (named > mostNamed) refuse(`A flow names ${mostNamed} agents, crews and tools at most.`)
  }

  private refusing(path: string): Refuse {
    return (message) => {
      throw new Failure(this.code, {
        detail: this.code === "flow.invalid" ? `The flow cannot be executed: ${message}` : message,
        errors: [{ path, message }],
      })
    }
  }
}

async function calleeOf(
  ctx: Ctx,
  data: Pick<SubflowData, "flow_id" | "version">,
  refuse: Refuse,
): Promise<Callee> {
  const flow = (await flows.byId(ctx.db, data.flow_id)) ?? refuse("The flow that it calls does not exist.")
  const number = data.version ?? flow.published_version
  if (number === null)
    return refuse(`${flow.name} has no published version. Publish it, so that others can call it.`)
  const version =
    (await flows.versionOf(ctx.db, flow.id, number)) ?? refuse(`${flow.name} has no version ${number}.`)
  return { flow_id: flow.id, name: flow.name, version: number, graph: version.graph }
}

async function storedCrew(
  ctx: Ctx,
  { crew_id, overrides = {} }: CrewData,
  refuse: Refuse,
): Promise<CrewDefinition> {
  const row = (await crews.byId(ctx.db, crew_id)) ?? refuse("The crew does not exist.")
  return crewDefinition(ctx, row, row.definition, overrides, refuse)
}

/** The tools of all members of a crew. */
export const toolsOf = ({ members }: { members: readonly { agent: AgentDefinition }[] }): ToolDefinition[] =>
  members.flatMap((one) => one.agent.tools)
