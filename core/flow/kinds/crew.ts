import * as z from "zod"
import { AgentOverrides } from "#core/agent/agent"
import { CrewId } from "#core/ids"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const CrewData = z.strictObject({
  crew_id: CrewId.meta({ title: "Crew" }),
  input: JsonValue.default("{{ incoming }}").meta({
    title: "Input",
    description: "What the crew works on; may hold expressions",
  }),
  overrides: z.record(z.string().max(40), AgentOverrides).optional().meta({
    title: "Changes",
    description: "What is different about members here, by position",
  }),
  ...common,
})
export type CrewData = z.infer<typeof CrewData>

/** By what a frozen graph keeps a crew: with changes of its own it is another one. */
export const crewKey = ({ crew_id, overrides }: { crew_id: string; overrides?: unknown }): string =>
  overrides === undefined ? crew_id : `${crew_id} ${JSON.stringify(overrides)}`

export const crew: Kind = {
  type: "crew",
  title: "Crew",
  summary: "Gives a crew its input; its members work together",
  family: "agents",
  icon: "users",
  act: "scope",
  data: CrewData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => stringsIn(data["input"], "input"),
  substance: (data) => firstLine(data["input"]) || "The incoming value",
}
