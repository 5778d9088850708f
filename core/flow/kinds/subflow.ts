import * as z from "zod"
import { FlowId } from "#core/ids"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, out, stringsIn, type Kind } from "./kind.ts"

/** Flows that call flows: so many deep at most. */
export const mostFlowDepth = 8

export const SubflowData = z.strictObject({
  flow_id: FlowId.meta({ title: "Flow" }),
  version: z
    .int()
    .min(1)
    .optional()
    .meta({ title: "Version", description: "Empty: the one that is published when the execution starts" }),
  inputs: z
    .record(z.string().min(1).max(200), JsonValue)
    .default({})
    .meta({ title: "Inputs", description: "The called flow's inputs; may hold expressions" }),
  ...common,
})
export type SubflowData = z.infer<typeof SubflowData>

/** By what a frozen graph keeps a called flow. */
export const calleeKey = ({ flow_id, version }: Pick<SubflowData, "flow_id" | "version">): string =>
  version === undefined ? flow_id : `${flow_id}@${version}`

export const subflow: Kind = {
  type: "subflow",
  title: "Subflow",
  summary: "Executes another flow and passes its outputs on",
  family: "control",
  icon: "workflow",
  act: "scope",
  data: SubflowData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => stringsIn(data["inputs"], "inputs"),
  substance: (data) =>
    typeof data["flow_id"] !== "string" || data["flow_id"] === ""
      ? "No flow yet"
      : typeof data["version"] === "number"
        ? `Version ${data["version"]}`
        : "The published version",
}
