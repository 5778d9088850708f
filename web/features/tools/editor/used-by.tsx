import { useQuery } from "@tanstack/react-query"
import { Link, type LinkProps } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { ToolId } from "#core/ids"
import { FormSection } from "#web/agent/form-section.tsx"
import { toolUsersQuery } from "../queries.ts"

/** The agents, crews and flows that a change of the tool reaches. */
export function UsedBy({ toolId }: { toolId: ToolId }) {
  const { data } = useQuery(toolUsersQuery(toolId))
  if (!data) return null
  const { agents, crews, flows } = data
  return (
    <FormSection title="Used by">
      {agents.length + crews.length + flows.length === 0 ? (
        <p className="text-muted">No agent, crew or flow has it yet.</p>
      ) : (
        <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
          <Users
            word="Agents"
            of={agents}
            to={({ id }) => ({ to: "/agents/$agentId", params: { agentId: id } })}
          />
          <Users
            word="Crews"
            of={crews}
            to={({ id }) => ({ to: "/crews/$crewId", params: { crewId: id } })}
          />
          <Users
            word="Flows"
            of={flows}
            to={({ id }) => ({ to: "/flows/$flowId", params: { flowId: id } })}
          />
        </dl>
      )}
    </FormSection>
  )
}

/** As people count: the tenth after the ninth. */
const byName = (one: { name: string }, other: { name: string }): number =>
  one.name.localeCompare(other.name, "en", { numeric: true })

function Users<U extends { id: string; name: string }>({
  word,
  of,
  to,
}: {
  word: string
  of: U[]
  to: (user: U) => LinkProps
}): ReactNode {
  if (of.length === 0) return null
  return (
    <>
      <dt className="text-muted">{word}</dt>
      <dd className="grid min-w-0 gap-x-5 gap-y-1 xl:grid-cols-2">
        {of.toSorted(byName).map((user) => (
          <Link
            key={user.id}
            {...to(user)}
            title={user.name}
            className="focus-ring w-fit max-w-full truncate rounded-sm font-medium text-accent-ink hover:underline"
          >
            {user.name}
          </Link>
        ))}
      </dd>
    </>
  )
}
