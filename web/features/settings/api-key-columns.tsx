import { CircleCheck, ClockAlert } from "lucide-react"
import type { ApiKey } from "#core/contract/api-keys"
import { StatusBadge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Tooltip } from "#web/ui/tooltip.tsx"

const isExpired = (key: ApiKey) => key.expires_at !== null && Date.parse(key.expires_at) <= Date.now()

const KeyStatus = ({ apiKey }: { apiKey: ApiKey }) =>
  isExpired(apiKey) ? (
    <StatusBadge tone="attention" icon={ClockAlert}>
      Expired
    </StatusBadge>
  ) : (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      Active
    </StatusBadge>
  )

/** What it opens; a key that stands in a site's source, from where. */
const Scopes = ({ apiKey }: { apiKey: ApiKey }) =>
  apiKey.restrictions ? <Sites origins={apiKey.restrictions.origins} /> : <AllScopes scopes={apiKey.scopes} />

const Sites = ({ origins }: { origins: readonly string[] }) => (
  <Tooltip text={`Chat widget on ${origins.join(", ")}`}>
    <span className="truncate text-muted">Widget on {origins.join(", ")}</span>
  </Tooltip>
)

const AllScopes = ({ scopes }: { scopes: readonly string[] }) => (
  <Tooltip text={scopes.join(", ")}>
    <span className="truncate font-mono text-sm text-muted">{scopes.join(", ")}</span>
  </Tooltip>
)

const Used = ({ apiKey }: { apiKey: ApiKey }) =>
  apiKey.used_at ? (
    <RelativeTime at={apiKey.used_at} className="text-muted" />
  ) : (
    <span className="text-muted">Never</span>
  )

const Expires = ({ apiKey }: { apiKey: ApiKey }) =>
  apiKey.expires_at ? (
    <RelativeTime at={apiKey.expires_at} className="text-muted" />
  ) : (
    <span className="text-muted">Never</span>
  )

export const apiKeyColumns: readonly Column<ApiKey>[] = [
  { id: "status", header: "Status", width: "5.5rem", cell: (key) => <KeyStatus apiKey={key} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 1fr)",
    sort: "name",
    cell: (key) => (
      <span className="truncate font-medium" title={key.name}>
        {key.name}
      </span>
    ),
  },
  {
    id: "hint",
    header: "Key",
    width: "6.5rem",
    cell: (key) => <span className="font-mono text-sm text-muted">eck_…{key.hint.replace("…", "")}</span>,
  },
  {
    id: "scopes",
    header: "Scopes",
    width: "minmax(7rem, 1fr)",
    room: "wide",
    cell: (key) => <Scopes apiKey={key} />,
  },
  {
    id: "used",
    header: "Last used",
    width: "6rem",
    sort: "used_at",
    first: "desc",
    align: "end",
    cell: (key) => <Used apiKey={key} />,
  },
  {
    id: "expires",
    header: "Expires",
    width: "6rem",
    align: "end",
    room: "wide",
    cell: (key) => <Expires apiKey={key} />,
  },
  {
    id: "created",
    header: "Created",
    width: "6rem",
    sort: "created_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: (key) => <RelativeTime at={key.created_at} className="text-muted" />,
  },
]

/** Two lines for a phone. */
export const ApiKeyNarrow = ({ apiKey }: { apiKey: ApiKey }) => (
  <>
    <span className="block truncate text-md font-medium">{apiKey.name}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <KeyStatus apiKey={apiKey} />
      <span className="font-mono">…{apiKey.hint.replace("…", "")}</span>
      <span className="ml-auto">
        {apiKey.used_at ? (
          <>
            Used <Used apiKey={apiKey} />
          </>
        ) : (
          "Never used"
        )}
      </span>
    </span>
  </>
)
