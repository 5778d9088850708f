import { useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { UserRoundCog } from "lucide-react"
import { useCallback, useState } from "react"
import type { AdminMember, AdminTenant } from "#core/contract/admin"
import { TenantId } from "#core/ids"
import { formatMicros } from "#core/money"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { saySize } from "#web/ui/say-bytes.ts"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { ImpersonateDialog } from "./impersonate-dialog.tsx"
import { tenantQuery } from "./queries.ts"
import { TenantActs } from "./tenant-acts.tsx"
import { TenantQuotas } from "./tenant-quotas.tsx"
import { StateNote, TenantState } from "./tenant-state.tsx"

/** One tenant: how it stands, what it uses, and who is in it. */
export function TenantPage() {
  const { tenantId } = useParams({ from: "/shell/inside/admin/tenants/$tenantId" })
  const id = TenantId.safeParse(tenantId).data
  const found = useQuery({ ...tenantQuery(id!), enabled: id !== undefined })
  const [member, setMember] = useState<AdminMember | null>(null)
  const tenant = found.data?.tenant
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Admin", to: "/admin" },
          { label: "Tenants", to: "/admin/tenants" },
          { label: tenant?.name ?? "Tenant" },
        ]}
        actions={tenant && <TenantActs tenant={tenant} />}
      />
      {found.error && !tenant ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto *:shrink-0">
          <Facts tenant={tenant} />
          {tenant && tenant.status !== "erasing" && <TenantQuotas tenant={tenant} />}
          <Members
            members={found.data?.members}
            {...(tenant?.status === "active" ? { onImpersonate: setMember } : {})}
          />
        </div>
      )}
      {tenant && member && (
        <ImpersonateDialog tenant={tenant} member={member} onClose={() => setMember(null)} />
      )}
    </>
  )
}

const supportWords = {
  none: "Support is not let in",
  read: "Support may read",
  write: "Support may read and change flows",
} as const

const count = (n: number | undefined) => (n === undefined ? "–" : n.toLocaleString("en"))

function Facts({ tenant }: { tenant: AdminTenant | undefined }) {
  if (!tenant)
    return (
      <Loading what="the tenant" className="flex flex-col gap-3 border-b border-line p-4">
        <Skeleton className="w-40" />
        <Skeleton className="w-2/3" />
      </Loading>
    )
  const { usage } = tenant
  const facts: [string, string][] = [
    ["Flows", count(usage?.flows)],
    ["Agents", count(usage?.agents)],
    ["Executions today", count(usage?.executions_today)],
    ["Open now", count(usage?.executions_open)],
    ["Cost, 30 days", usage ? formatMicros(usage.cost_micros_30_days) : "–"],
    ["Database", usage ? saySize(usage.bytes) : "–"],
    ["API keys", count(tenant.api_keys)],
  ]
  return (
    <section aria-label="Facts" className="border-b border-line px-4 py-4">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
        <TenantState status={tenant.status} look="soft" />
        <span className="font-mono">{tenant.slug}</span>
        <span className="font-mono">{tenant.slot}</span>
        <span>{supportWords[tenant.support_access]}</span>
        <span>
          Created <RelativeTime at={tenant.created_at} />
        </span>
      </p>
      <StateNote tenant={tenant} />
      <dl className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-x-4 gap-y-3">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="truncate text-sm text-muted">{name}</dt>
            <dd className="tabular truncate text-md font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {!usage && tenant.status !== "erasing" && (
        <p className="mt-3 text-sm text-attention">
          The tenant’s database does not answer. Health says more.
        </p>
      )}
    </section>
  )
}

const columns: readonly Column<AdminMember>[] = [
  {
    id: "name",
    header: "Name",
    width: "minmax(8rem, 1fr)",
    cell: ({ name }) => (
      <span className="truncate font-medium" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: "email",
    header: "Email",
    width: "minmax(10rem, 1.4fr)",
    cell: ({ email }) => (
      <span className="truncate text-muted" title={email}>
        {email}
      </span>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: "6rem",
    cell: ({ role }) => <span className="text-soft">{role}</span>,
  },
  {
    id: "status",
    header: "Status",
    width: "6rem",
    cell: ({ status }) => <span className="text-muted">{status === "active" ? "Active" : "Disabled"}</span>,
  },
]

function Members({
  members,
  onImpersonate,
}: {
  members: readonly AdminMember[] | undefined
  /** Absent where nobody acts in anybody's name. */
  onImpersonate?: (member: AdminMember) => void
}) {
  const rowMenu = useCallback(
    (member: AdminMember): MenuEntry[] => [
      {
        label: "Act in their name…",
        icon: UserRoundCog,
        disabled: member.status !== "active" || !onImpersonate,
        onSelect: () => onImpersonate?.(member),
      },
    ],
    [onImpersonate],
  )
  return (
    <>
      <h2 className="px-4 pt-4 pb-2 text-md font-semibold">Members</h2>
      <Table
        label="Members"
        className="min-h-80"
        rows={members}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={columns}
        narrow={narrow}
        rowMenu={rowMenu}
        empty={<p className="px-4 text-muted">Nobody is in this tenant.</p>}
      />
    </>
  )
}

const keyOf = (member: AdminMember) => member.id
const nameOf = (member: AdminMember) => member.name
const narrow = ({ name, email, role }: AdminMember) => (
  <>
    <span className="block truncate text-md font-medium">{name}</span>
    <span className="block truncate text-sm text-muted">
      {role} · {email}
    </span>
  </>
)
