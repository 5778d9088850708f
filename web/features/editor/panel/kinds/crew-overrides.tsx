import { useQuery } from "@tanstack/react-query"
import { useId, useState, type ReactNode } from "react"
import { ChevronRight } from "lucide-react"
import type { AgentOverrides } from "#core/agent/agent"
import { CrewData } from "#core/flow/kinds/crew"
import type { FlowNode } from "#core/flow/graph"
import type { Json } from "#core/json"
import { OverrideFields } from "#web/agent/overrides/override-fields.tsx"
import { crewMembersQuery } from "#web/api/choices.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { useEditor } from "../../editor-context.ts"
import { Section } from "../section.tsx"
import type { SetupProps } from "./http-setup.tsx"

type Changes = Record<string, AgentOverrides>

const changesOf = (node: FlowNode): Changes =>
  CrewData.shape.overrides.safeParse(node.data["overrides"]).data ?? {}

/** What is different about the members of a crew in this step, by position; it comes after what the crew itself changes. */
export function CrewOverrides({ node, crewId, faultAt }: SetupProps & { crewId: string }) {
  const { commands, mayEdit } = useEditor()
  const members = useQuery(crewMembersQuery(crewId)).data
  const changes = changesOf(node)
  const put = (position: string, overrides: AgentOverrides | undefined) => {
    const { [position]: _was, ...others } = changes
    const next = overrides ? { ...others, [position]: overrides } : others
    const isNone = Object.keys(next).length === 0
    commands.setField(node.id, "overrides", isNone ? undefined : (next as Json))
  }
  if (!members || (members.length === 0 && Object.keys(changes).length === 0)) return null
  const gone = Object.keys(changes).filter((one) => !members.some((member) => member.position === one))
  return (
    <Section title="Members, different here" startsOpen={node.data["overrides"] !== undefined}>
      <ul className="-mt-2 flex flex-col">
        {members.map(({ position, agent_id, name, overrides, isGone }) => (
          <Member
            key={position}
            position={position}
            agent={isGone ? "Its agent was deleted" : name}
            changed={Object.keys(changes[position] ?? {}).length}
          >
            {!isGone && (
              <OverrideFields
                agentId={agent_id}
                before={overrides}
                value={changes[position]}
                onChange={(next) => put(position, next)}
                faultAt={(path) => faultAt(`overrides.${position}.${path}`)}
                disabled={!mayEdit}
              />
            )}
          </Member>
        ))}
        {gone.map((position) => (
          <li key={position} className="flex items-center gap-3 border-t border-line py-2 text-failed">
            <span className="min-w-0 flex-1 truncate">{position}, who is no longer in the crew</span>
            <Button size="xs" disabled={!mayEdit} onClick={() => put(position, undefined)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

type MemberProps = { position: string; agent: string; changed: number; children: ReactNode }

function Member({ position, agent, changed, children }: MemberProps) {
  const [isOpen, setOpen] = useState(changed > 0)
  const id = useId()
  return (
    <li className="border-t border-line first:border-t-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="focus-ring-inset flex h-9 w-full items-center gap-1.5 text-left hover:bg-hover pointer-coarse:h-11"
      >
        <ChevronRight aria-hidden className={cn("size-3.5 text-muted", isOpen && "rotate-90")} />
        <span className="min-w-0 shrink-0 truncate font-medium">{position}</span>
        <span className="min-w-0 flex-1 truncate text-sm text-muted">{agent}</span>
        {changed > 0 && <Badge tone="accent">Changed here</Badge>}
      </button>
      <div id={id} className={cn(isOpen && "pb-2 pl-5")}>
        {isOpen && children}
      </div>
    </li>
  )
}
