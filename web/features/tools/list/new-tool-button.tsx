import { useNavigate } from "@tanstack/react-router"
import { Plus } from "lucide-react"
import { ContainerToolConfig } from "#core/tool/config"
import { Button } from "#web/ui/button.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { runtimeWords, toolKinds } from "../kinds.ts"

/** Every way to a new tool: written here, or imported. */
export function NewToolButton() {
  const navigate = useNavigate()
  const make = (kind: "http" | "isolate" | "flow", label: string): MenuEntry => ({
    label,
    icon: toolKinds[kind].icon,
    onSelect: () => void navigate({ to: "/tools/new", search: { kind } }),
  })
  const entries: MenuEntry[] = [
    { heading: "Make" },
    make("http", "HTTP request"),
    make("isolate", "JavaScript function"),
    ...ContainerToolConfig.shape.runtime.options.map((runtime) => ({
      label: `${runtimeWords[runtime]} program`,
      icon: toolKinds.container.icon,
      onSelect: () => void navigate({ to: "/tools/new", search: { kind: "container", runtime } }),
    })),
    make("flow", "Flow as a tool"),
    { heading: "Import" },
    {
      label: "From an OpenAPI document",
      icon: toolKinds.openapi.icon,
      onSelect: () => void navigate({ to: "/tools/import/openapi" }),
    },
    {
      label: "From an MCP server",
      icon: toolKinds.mcp.icon,
      onSelect: () => void navigate({ to: "/tools/import/mcp" }),
    },
  ]
  return (
    <Menu align="end" entries={entries}>
      <Button tone="primary" size="sm">
        <Plus aria-hidden />
        New tool
      </Button>
    </Menu>
  )
}
