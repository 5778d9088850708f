import type { ToolDraft } from "#core/tool/tool"

const common = {
  name: "",
  description: "",
  input_schema: { type: "object", properties: {} },
  risk: "read",
  needs_approval: false,
} as const

/** Where there is nothing to begin with: a tool with its parts still empty. */
export const blankTool = {
  http: (): ToolDraft => ({
    ...common,
    kind: "http",
    execution_config: { method: "GET", url: "", headers: {}, query: {} },
  }),
  flow: (): ToolDraft => ({
    ...common,
    kind: "flow",
    // Until one is chosen; the contract then says what is missing.
    execution_config: { flow_id: "" },
  }),
}
