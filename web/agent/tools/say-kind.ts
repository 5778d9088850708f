import type { Tool } from "#core/contract/tools"

const kinds = {
  http: "HTTP request",
  openapi: "API operation",
  mcp: "MCP tool",
  isolate: "JavaScript",
  flow: "Flow",
}
const runtimes = { python: "Python program", node: "Node program", bash: "Shell program" }

type Told =
  | { kind: Exclude<Tool["kind"], "container"> }
  | Pick<Extract<Tool, { kind: "container" }>, "kind" | "execution_config">

/** How a tool does its work, in a word or two; null stands for one that every tenant has. */
export const sayToolKind = (tool: Told | null): string =>
  tool === null
    ? "Builtin"
    : tool.kind === "container"
      ? runtimes[tool.execution_config.runtime]
      : kinds[tool.kind]

/** The same of what an execution has recorded, which says no more than the kind. */
export const sayRecordedKind = (kind: string): string =>
  kind === "container"
    ? "Program"
    : kind === "builtin"
      ? "Builtin"
      : Object.hasOwn(kinds, kind)
        ? kinds[kind as keyof typeof kinds]
        : kind
