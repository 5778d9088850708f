import { useNavigate } from "@tanstack/react-router"
import { Plus, Trash2 } from "lucide-react"
import { lazy, Suspense, useCallback } from "react"
import type { AgentSummary } from "#core/contract/agents"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { AgentNarrow, agentColumns } from "./list/agent-columns.tsx"
import { AgentToolbar, NoMatch } from "./list/agent-toolbar.tsx"
import { FirstAgent } from "./list/first-agent.tsx"
import { useAgentList, type AgentList } from "./list/use-agent-list.ts"
import { useRowMenu } from "./list/use-row-menu.ts"
import { useAgentActs, type AgentActs } from "./queries.ts"

// Fetched when first wanted: a list is read far more often than it is added to.
const NewAgentDialog = lazy(() => import("./list/new-agent-dialog.tsx"))

/** Every agent of the tenant. */
export function AgentsPage() {
  const list = useAgentList()
  const mayEdit = useCan("agent.edit")
  const { rows, error, isNarrowed, search, set } = list
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Agents" }]}
        actions={
          mayEdit && (
            <Button tone="primary" size="sm" onClick={() => set({ new: true }, false)}>
              <Plus aria-hidden />
              New agent
            </Button>
          )
        }
      />
      {error && !rows ? (
        <ErrorState error={error} onRetry={list.refetch} className="my-auto" />
      ) : rows?.length === 0 && !isNarrowed ? (
        <FirstAgent mayEdit={mayEdit} />
      ) : (
        <AgentTable list={list} mayEdit={mayEdit} />
      )}
      <Suspense>
        {mayEdit && search.new && <NewAgentDialog onClose={() => set({ new: undefined })} />}
      </Suspense>
    </>
  )
}

function AgentTable({ list, mayEdit }: { list: AgentList; mayEdit: boolean }) {
  const { rows, total, sort, set, onEnd } = list
  const navigate = useNavigate()
  const acts = useAgentActs()
  const onOpen = useCallback(
    (agent: AgentSummary) => void navigate({ to: "/agents/$agentId", params: { agentId: agent.id } }),
    [navigate],
  )
  const rowMenu = useRowMenu({ mayEdit, acts, onOpen })
  return (
    <>
      <AgentToolbar list={list} />
      <Table
        label="Agents"
        rows={rows}
        total={total}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={agentColumns}
        narrow={narrow}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onOpen={onOpen}
        rowMenu={rowMenu}
        onEnd={onEnd}
        {...(mayEdit && { bulk: bulkOf(acts) })}
        empty={<NoMatch onClear={() => set({ q: undefined, status: undefined })} />}
      />
    </>
  )
}

const keyOf = (agent: AgentSummary) => agent.id
const nameOf = (agent: AgentSummary) => agent.name
const narrow = (agent: AgentSummary) => <AgentNarrow agent={agent} />

const bulkOf = (acts: AgentActs) => (chosen: readonly AgentSummary[], clear: () => void) => (
  <Button
    size="sm"
    onClick={() => {
      acts.remove.mutate(chosen)
      clear()
    }}
  >
    <Trash2 aria-hidden />
    Delete
  </Button>
)
