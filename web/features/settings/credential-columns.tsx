import { CircleCheck, CirclePause } from "lucide-react"
import type { Credential } from "#core/contract/credentials"
import { StatusBadge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { sayKind } from "#web/credentials/credential-kinds.ts"

const Active = ({ credential }: { credential: Credential }) =>
  credential.is_active ? (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      Active
    </StatusBadge>
  ) : (
    <StatusBadge tone="cancelled" icon={CirclePause}>
      Off
    </StatusBadge>
  )

const hintOf = ({ secret }: Credential) => `…${secret?.hint.replace("…", "") ?? ""}`

const Hosts = ({ hosts }: { hosts: readonly string[] }) => (
  <Tooltip text={hosts.join(", ")}>
    <span className="truncate font-mono text-sm text-muted">{hosts.join(", ")}</span>
  </Tooltip>
)

const always: readonly Column<Credential>[] = [
  {
    id: "status",
    header: "Status",
    width: "5rem",
    cell: (credential) => <Active credential={credential} />,
  },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 1fr)",
    sort: "name",
    cell: (credential) => (
      <span className="truncate font-medium" title={credential.name}>
        {credential.name}
      </span>
    ),
  },
  {
    id: "kind",
    header: "Sent as",
    width: "minmax(9rem, 0.8fr)",
    sort: "kind",
    cell: (credential) => <span className="truncate text-muted">{sayKind(credential)}</span>,
  },
]

const forEditors: readonly Column<Credential>[] = [
  {
    id: "hosts",
    header: "Hosts",
    width: "minmax(9rem, 1.2fr)",
    cell: (credential) => <Hosts hosts={credential.allowed_hosts ?? []} />,
  },
  {
    id: "secret",
    header: "Secret",
    width: "5.5rem",
    room: "wide",
    cell: (credential) => <span className="font-mono text-sm text-muted">{hintOf(credential)}</span>,
  },
]

const created: Column<Credential> = {
  id: "created",
  header: "Created",
  width: "6rem",
  sort: "created_at",
  first: "desc",
  align: "end",
  room: "wide",
  cell: (credential) => <RelativeTime at={credential.created_at} className="text-muted" />,
}

/** Who may not change credentials sees their names only. */
export const credentialColumns = (mayEdit: boolean): readonly Column<Credential>[] => [
  ...always,
  ...(mayEdit ? forEditors : []),
  created,
]

/** Two lines for a phone. */
export const CredentialNarrow = ({ credential }: { credential: Credential }) => (
  <>
    <span className="block truncate text-md font-medium">{credential.name}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <Active credential={credential} />
      <span className="truncate">{credential.allowed_hosts?.join(", ") ?? sayKind(credential)}</span>
    </span>
  </>
)
