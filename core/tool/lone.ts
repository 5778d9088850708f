import { around } from "#core/agent/lone"
import type { FrozenGraph } from "#core/flow/frozen"
import type { ToolId } from "#core/ids"
import type { ToolDefinition } from "./tool.ts"

/** The flow that a tool by itself amounts to: its arguments are the inputs. */
export const loneTool = (tool: ToolDefinition & { id: ToolId }): FrozenGraph => ({
  ...around({
    id: "tool",
    type: "tool",
    position: { x: 280, y: 0 },
    data: { tool_id: tool.id, inputs: "{{ input }}" },
    label: tool.name,
  }),
  tools: { [tool.id]: tool },
})
