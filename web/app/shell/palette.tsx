import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Building2, LogOut, MessagesSquare, Plus, Workflow, Zap } from "lucide-react"
import { useState } from "react"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { useCan, useMe, useSetPreferences } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { usePageCommands } from "#web/state/page-commands.ts"
import { CommandPalette, type PaletteCommand } from "#web/ui/command-palette.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { themes } from "./account-menu.tsx"
import { allNav } from "./nav-items.ts"
import { useNav } from "./use-nav.ts"
import { useAccount } from "./use-account.ts"

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** ⌘K: every page, every flow, and what can be done from anywhere. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  const [search, setSearch] = useState("")
  const flows = useFlowCommands(useSettled(search), open)
  const acts = useActs()
  const change = (next: boolean) => {
    if (!next) setSearch("")
    onOpenChange(next)
  }
  return (
    <CommandPalette
      open={open}
      onOpenChange={change}
      commands={search ? [...flows, ...acts] : [...acts, ...flows]}
      search={search}
      onSearch={setSearch}
    />
  )
}

function useFlowCommands(search: string, enabled: boolean): PaletteCommand[] {
  const navigate = useNavigate()
  const query = { search, limit: search ? 8 : 5, sort: "-updated_at" }
  const found = useQuery({
    queryKey: queryKeys.flowList({ palette: query }),
    queryFn: ({ signal }) => call(flowsApi.list, { query, signal }),
    enabled,
    placeholderData: keepPreviousData,
  })
  return (found.data?.flows ?? []).map((flow) => ({
    id: flow.id,
    group: search ? "Flows" : "Recent flows",
    label: flow.name,
    icon: Workflow,
    // The server has matched it, perhaps by words of its description.
    words: [search],
    onSelect: () => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } }),
  }))
}

/** What the page that is open offers itself. */
const useActsOfPage = (): PaletteCommand[] =>
  usePageCommands().map(({ id, label, keys, run }) => ({
    id: `page-${id}`,
    group: "On this page",
    label,
    icon: Zap,
    ...(keys ? { keys } : {}),
    onSelect: run,
  }))

function usePages(): PaletteCommand[] {
  const navigate = useNavigate()
  return useNav(allNav).map((item) => ({
    id: item.to,
    group: "Go to",
    label: item.label,
    icon: item.icon,
    keys: `g ${item.key}`,
    onSelect: () => void navigate({ to: item.to }),
  }))
}

function useActs(): PaletteCommand[] {
  const navigate = useNavigate()
  const { tenant, tenants } = useMe()
  const mayEdit = useCan("flow.edit")
  const mayEditAgents = useCan("agent.edit")
  const mayChat = useCan("chat.write")
  const setPreferences = useSetPreferences()
  const { signOut, switchTenant } = useAccount()
  const newFlow: PaletteCommand = {
    id: "new-flow",
    group: "Do",
    label: "New flow",
    icon: Plus,
    words: ["create", "template"],
    onSelect: () => void navigate({ to: "/flows", search: { new: true } }),
  }
  const newChat: PaletteCommand = {
    id: "new-chat",
    group: "Do",
    label: "New chat",
    icon: MessagesSquare,
    words: ["talk", "ask", "message"],
    onSelect: () => void navigate({ to: "/chat/new" }),
  }
  const newAgent: PaletteCommand = {
    id: "new-agent",
    group: "Do",
    label: "New agent",
    icon: Plus,
    words: ["create", "example"],
    onSelect: () => void navigate({ to: "/agents", search: { new: true } }),
  }
  const newCrew: PaletteCommand = {
    id: "new-crew",
    group: "Do",
    label: "New crew",
    icon: Plus,
    words: ["create", "example", "crewai"],
    onSelect: () => void navigate({ to: "/crews", search: { new: "crew" } }),
  }
  return [
    ...useActsOfPage(),
    ...(mayEdit ? [newFlow] : []),
    ...(mayEditAgents ? [newAgent, newCrew] : []),
    ...(mayChat ? [newChat] : []),
    ...usePages(),
    ...tenants
      .filter((one) => one.id !== tenant.id)
      .map((one) => ({
        id: one.id,
        group: "Switch tenant",
        label: one.name,
        note: one.role,
        icon: Building2,
        onSelect: () => switchTenant(one.id),
      })),
    ...themes.map(({ value, label, icon }) => ({
      id: `theme-${value}`,
      group: "Appearance",
      label,
      icon,
      onSelect: () => setPreferences({ theme: value }),
    })),
    {
      id: "sign-out",
      group: "Account",
      label: "Sign out",
      icon: LogOut,
      words: ["log out"],
      onSelect: signOut,
    },
  ]
}
