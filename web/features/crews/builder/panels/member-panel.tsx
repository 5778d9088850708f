import { Link } from "@tanstack/react-router"
import { ArrowUpRight, Trash2 } from "lucide-react"
import { useId } from "react"
import type { CrewMember } from "#core/crew/crew"
import { FormSection } from "#web/agent/form-section.tsx"
import { OverrideFields } from "#web/agent/overrides/override-fields.tsx"
import { Checkbox } from "#web/ui/checkbox.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useBuilder } from "../builder-context.ts"
import { delegationOf, renamedPosition, withEdge, withoutEdge, withoutMember } from "../edits.ts"
import { NameField, PanelHead } from "./parts.tsx"

/** One member: its place, its agent, what is different about the agent here, and to whom it may hand work. */
export function MemberPanel({ position }: { position: string }) {
  const { crew, set, mayEdit, agentOf, onOpen } = useBuilder()
  const member = crew.agents.find((one) => one.position === position)
  if (!member) return null
  const agent = agentOf(member.agent_id)
  const remove = () => {
    const { agents, tasks, config } = crew
    set(withoutMember(crew, position))
    onOpen({ is: "crew" })
    toast.done(`Took ${position} out of the crew`, { onClick: () => set({ agents, tasks, config }) })
  }
  return (
    <>
      <PanelHead
        title={position}
        under={agent ? (agent.isGone ? "Its agent was deleted" : agent.name) : undefined}
        actions={
          mayEdit && (
            <IconButton label={`Take ${position} out`} size="sm" onClick={remove}>
              <Trash2 />
            </IconButton>
          )
        }
      />
      <FormSection title="Member">
        {agent?.isGone ? (
          <p role="alert" className="text-failed">
            The agent of this member was deleted. Take the member out, or restore the agent.
          </p>
        ) : (
          <p className="flex items-center gap-1.5">
            <span className="min-w-0 truncate text-soft">{agent?.role || agent?.name}</span>
            <Link
              to="/agents/$agentId"
              params={{ agentId: member.agent_id }}
              className="focus-ring ml-auto inline-flex shrink-0 items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
            >
              Open the agent
              <ArrowUpRight aria-hidden className="size-3" />
            </Link>
          </p>
        )}
        <NameField
          label="Position"
          help="What others call it when they hand it work."
          value={position}
          taken={crew.agents.map((one) => one.position)}
          onRename={(name) => {
            set(renamedPosition(crew, position, name))
            onOpen({ is: "member", id: name })
          }}
        />
      </FormSection>
      <HandsWorkTo position={position} />
      {!agent?.isGone && <Overrides member={member} />}
    </>
  )
}

/** The lines that begin here, for those who do not draw. */
function HandsWorkTo({ position }: { position: string }) {
  const { crew, set, mayEdit, onOpen } = useBuilder()
  const { edges, isDrawn } = delegationOf(crew)
  const others = crew.agents.filter((one) => one.position !== position)
  return (
    <FormSection
      title="May hand work to"
      help={isDrawn || edges.length === 0 ? undefined : "This follows from the pattern until you change it."}
    >
      {others.length === 0 ? (
        <p className="text-muted">There is nobody else yet.</p>
      ) : (
        <ul className="flex flex-col gap-0.5">
          {others.map(({ position: other }) => (
            <Colleague
              key={other}
              name={other}
              checked={edges.some((edge) => edge.from === position && edge.to === other)}
              disabled={!mayEdit}
              onChange={(on) =>
                set(on ? withEdge(crew, position, other) : withoutEdge(crew, position, other))
              }
              onBudget={() => onOpen({ is: "edge", from: position, to: other })}
            />
          ))}
        </ul>
      )}
    </FormSection>
  )
}

type ColleagueProps = {
  name: string
  checked: boolean
  disabled: boolean
  onChange: (on: boolean) => void
  onBudget: () => void
}

function Colleague({ name, checked, disabled, onChange, onBudget }: ColleagueProps) {
  const id = useId()
  return (
    <li className="flex min-h-7 items-center gap-2.5">
      <Checkbox id={id} checked={checked} disabled={disabled} onCheckedChange={onChange} />
      <label htmlFor={id} className="min-w-0 flex-1 truncate">
        {name}
      </label>
      {checked && (
        <button
          type="button"
          onClick={onBudget}
          className="focus-ring shrink-0 rounded-sm text-sm text-accent-ink hover:underline"
        >
          Budget
        </button>
      )}
    </li>
  )
}

/** What is different about the agent here. */
function Overrides({ member }: { member: CrewMember }) {
  const { crew, set, mayEdit, faults } = useBuilder()
  const at = crew.agents.indexOf(member)
  return (
    <FormSection title="Different here" help="Everything else stays as the agent has it, now and later.">
      <OverrideFields
        agentId={member.agent_id}
        value={member.overrides}
        onChange={(overrides) =>
          set({ agents: crew.agents.map((one, i) => (i === at ? { ...one, overrides } : one)) })
        }
        faultAt={(path) => faults[`agents.${at}.overrides.${path}`]}
        disabled={!mayEdit}
      />
    </FormSection>
  )
}
