import { useQuery } from "@tanstack/react-query"
import { AtSign } from "lucide-react"
import type { AgentId, CrewId } from "#core/ids"
import { Button } from "#web/ui/button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { membersQuery } from "../queries.ts"

/** As the button says it, so does the menu. */
const everyone = "Everyone"

type ToProps = { crewId: CrewId; value: AgentId | null; onChange: (id: AgentId | null) => void }

/** The whole crew, or one of its members alone. */
export function ToMember({ crewId, value, onChange }: ToProps) {
  const members = useQuery(membersQuery(crewId)).data ?? []
  const chosen = members.find(({ id }) => id === value)
  return (
    <Menu
      side="top"
      entries={[
        { heading: "Who answers" },
        { label: everyone, checked: value === null, onSelect: () => onChange(null) },
        ...members.map((member) => ({
          label: member.name,
          note:
            member.role === member.name ? undefined : (
              <span className="block max-w-56 truncate">{member.role}</span>
            ),
          checked: member.id === value,
          onSelect: () => onChange(member.id),
        })),
      ]}
    >
      <Button
        size="sm"
        tone="ghost"
        className="min-w-0 shrink font-normal"
        aria-label={`To: ${chosen?.name ?? everyone}`}
      >
        <AtSign aria-hidden />
        <span className="truncate">{chosen?.name ?? everyone}</span>
      </Button>
    </Menu>
  )
}
