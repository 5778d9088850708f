import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Plus } from "lucide-react"
import { useState } from "react"
import { agentSearchQuery } from "#web/api/choices.ts"
import { Button } from "#web/ui/button.tsx"
import { Combobox } from "#web/ui/combobox.tsx"
import { Popover } from "#web/ui/popover.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { useBuilder } from "./builder-context.ts"
import { withMember } from "./edits.ts"

const mostMembers = 20

/** Chooses an agent by name and puts it into the crew. */
export function AddMember() {
  const { crew, set, onOpen } = useBuilder()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState("")
  const search = useSettled(typed.trim())
  const agents = useQuery({ ...agentSearchQuery(search), enabled: isOpen }).data?.agents
  const found = (agents ?? []).filter((one) => one.status !== "archived")
  const isFull = crew.agents.length >= mostMembers
  return (
    <Popover
      label="Add a member"
      open={isOpen}
      onOpenChange={setOpen}
      className="w-80 p-3"
      trigger={
        <Button size="sm" disabled={isFull}>
          <Plus aria-hidden />
          {isFull ? "20 members are the most" : "Add a member"}
        </Button>
      }
    >
      <Combobox
        autoFocus
        aria-label="Agent"
        placeholder="Choose an agent"
        chosen=""
        typed={typed}
        onType={setTyped}
        options={found.map(({ id, name, role }) => ({ value: id, label: name, note: role.slice(0, 28) }))}
        nothing={agents === undefined ? "Looking for agents…" : "No agent matches."}
        onChoose={({ value }) => {
          const agent = agents?.find((one) => one.id === value)
          if (!agent) return
          const next = withMember(crew, agent)
          set(next)
          setOpen(false)
          onOpen({ is: "member", id: next.agents.at(-1)!.position })
        }}
      />
      <p className="mt-2 text-sm text-muted">
        Nobody fits?{" "}
        <Link
          to="/agents"
          search={{ new: true }}
          className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
        >
          Create an agent
        </Link>
      </p>
    </Popover>
  )
}
