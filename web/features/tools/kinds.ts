import {
  Braces,
  FileJson2,
  Globe,
  Package,
  Plug,
  SquareTerminal,
  Workflow,
  type LucideIcon,
} from "lucide-react"
import type { Tool } from "#core/contract/tools"
import type { ToolKind } from "#core/tool/tool"

type KindWords = { label: string; icon: LucideIcon; help: string }

/** What each kind is called, and what it is for. */
export const toolKinds: Record<ToolKind, KindWords> = {
  http: {
    label: "HTTP request",
    icon: Globe,
    help: "One request. Its secret is added on the way out, and no model sees it.",
  },
  isolate: {
    label: "JavaScript",
    icon: Braces,
    help: "A function without files, processes or network, in milliseconds.",
  },
  container: {
    label: "Program",
    icon: SquareTerminal,
    help: "Python, Node or shell in a sandbox, with files, and the hosts that you allow.",
  },
  flow: {
    label: "Flow",
    icon: Workflow,
    help: "A flow of yours: the arguments are its inputs, its outputs the answer.",
  },
  openapi: {
    label: "API operation",
    icon: FileJson2,
    help: "One operation of an API, imported from its OpenAPI document.",
  },
  mcp: { label: "MCP tool", icon: Plug, help: "One tool of an MCP server, called over HTTP." },
}

export const builtinKind: KindWords = {
  label: "Builtin",
  icon: Package,
  help: "Every tenant has it.",
}

export const runtimeWords = { python: "Python", node: "Node", bash: "Shell" } as const

export const kindOf = (tool: Pick<Tool, "kind"> | null): KindWords =>
  tool === null ? builtinKind : toolKinds[tool.kind]

/** What a tool calls outside of itself, in a line; empty where its kind says it all. */
export function reachOf(tool: Tool): string {
  switch (tool.kind) {
    case "http":
      return `${tool.execution_config.method} ${tool.execution_config.url}`
    case "openapi": {
      const { method, server_url, path } = tool.execution_config
      return `${method} ${server_url.replace(/\/$/, "")}${path}`
    }
    case "mcp":
      return `${tool.execution_config.tool_name} at ${tool.execution_config.url}`
    case "container": {
      const { runtime, egress } = tool.execution_config
      return [runtimeWords[runtime], ...egress].join(" · ")
    }
    case "isolate":
    case "flow":
      return ""
    default:
      return tool satisfies never
  }
}
