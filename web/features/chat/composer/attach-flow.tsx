import { useQuery } from "@tanstack/react-query"
import { Workflow } from "lucide-react"
import { useState } from "react"
import { flowsApi } from "#core/contract/flows"
import type { FlowId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Popover } from "#web/ui/popover.tsx"
import { useSettled } from "#web/ui/use-settled.ts"

export type AttachedFlow = { id: FlowId; name: string }

type AttachProps = { value: AttachedFlow | null; onChange: (flow: AttachedFlow) => void }

/** A flow that is executed first, with the message; what comes of it is given to the partner. */
export function AttachFlow({ value, onChange }: AttachProps) {
  const [isOpen, setOpen] = useState(false)
  const mayRead = useCan("flow.read")
  if (!mayRead) return null
  return (
    <Popover
      label="Attach a flow"
      side="top"
      open={isOpen}
      onOpenChange={setOpen}
      className="w-80 p-2"
      trigger={
        <IconButton label="Attach a flow" size="sm" tooltip={false} disabled={value !== null}>
          <Workflow />
        </IconButton>
      }
    >
      <Choices
        onChoose={(flow) => {
          onChange(flow)
          setOpen(false)
        }}
      />
    </Popover>
  )
}

function Choices({ onChoose }: { onChoose: (flow: AttachedFlow) => void }) {
  const [typed, setTyped] = useState("")
  const search = useSettled(typed.trim())
  const query = { published: "true" as const, limit: 20, sort: "-updated_at", ...(search ? { search } : {}) }
  const found = useQuery({
    queryKey: queryKeys.flowList({ attach: search }),
    queryFn: ({ signal }) => call(flowsApi.list, { query, signal }),
  })
  return (
    <div className="flex flex-col gap-1.5">
      <SearchInput label="Search flows" value={typed} onChange={setTyped} autoFocus className="w-full" />
      <p className="px-1 text-sm text-muted">
        It runs first, with your message; what comes of it is given along.
      </p>
      {found.error && <ErrorNote error={found.error} />}
      <ul className="max-h-64 overflow-y-auto">
        {found.data?.flows.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onChoose({ id, name })}
              className="focus-ring-inset block w-full truncate rounded-sm px-2 py-1 text-left hover:bg-hover pointer-coarse:py-2.5"
              title={name}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
      {found.data?.flows.length === 0 && (
        <p className="px-2 pb-1 text-muted">No published flow is called that.</p>
      )}
    </div>
  )
}
