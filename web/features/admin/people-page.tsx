import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { SearchX, ShieldCheck, ShieldOff, UserRoundCog } from "lucide-react"
import { useCallback, useMemo, useState } from "react"
import type { AdminUser } from "#core/contract/admin"
import { useMe } from "#web/api/me.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Segments } from "#web/ui/segments.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { ImpersonateDialog } from "./impersonate-dialog.tsx"
import { useAdminActs, usersQuery } from "./queries.ts"

type Place = AdminUser["tenants"][number]

/** Everybody who has an account, with the tenants they belong to. */
export function PeoplePage() {
  const search = useSearch({ from: "/shell/inside/admin/people" })
  const navigate = useNavigate({ from: "/admin/people" })
  const sort = search.sort ?? "-created_at"
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...usersQuery({
      sort,
      ...(q ? { search: q } : {}),
      ...(search.admins ? { platform_admins: "true" } : {}),
    }),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.users), [list.data])
  const set = useCallback(
    (change: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const { rowMenu, dialog } = useActs()
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "People" }]} />
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <SearchInput
          label="Search people"
          value={search.q ?? ""}
          onChange={(text) => set({ q: text || undefined })}
          className="max-md:w-auto max-md:flex-1"
        />
        <Segments
          label="Who"
          segments={[
            { value: "all", label: "All" },
            { value: "admins", label: "Platform admins" },
          ]}
          value={search.admins ? "admins" : "all"}
          onChange={(who) => set({ admins: who === "admins" ? true : undefined })}
        />
      </div>
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <Table
          label="People"
          rows={rows}
          total={list.data?.pages[0]?.total}
          rowKey={keyOf}
          rowLabel={nameOf}
          columns={columns}
          narrow={narrow}
          sort={sort}
          onSort={(next) => set({ sort: next })}
          rowMenu={rowMenu}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          empty={
            <EmptyState icon={SearchX} title="Nobody matches">
              Search looks at names and email addresses, and takes a whole id.
            </EmptyState>
          }
        />
      )}
      {dialog}
    </>
  )
}

/** What can be done with somebody: the menu of their row, and what it opens. */
function useActs() {
  const me = useMe()
  const [changed, setChanged] = useState<AdminUser | null>(null)
  const [acted, setActed] = useState<{ user: AdminUser; place: Place } | null>(null)
  const rowMenu = useCallback((user: AdminUser): MenuEntry[] => {
    const places = user.is_platform_admin ? [] : placesOf(user)
    return [
      ...places.map((place) => actEntry(user, place, setActed)),
      ...(places.length === 0 ? [] : (["divider"] as const)),
      {
        label: user.is_platform_admin ? "No longer a platform admin…" : "Make a platform admin…",
        icon: user.is_platform_admin ? ShieldOff : ShieldCheck,
        onSelect: () => setChanged(user),
      },
    ]
  }, [])
  const dialog = changed ? (
    <PlatformDialog user={changed} isMe={changed.id === me.user.id} onClose={() => setChanged(null)} />
  ) : acted ? (
    <ImpersonateDialog
      tenant={{ ...acted.place, support_access: "read" }}
      member={acted.user}
      onClose={() => setActed(null)}
    />
  ) : null
  return { rowMenu, dialog }
}

const placesOf = ({ tenants }: AdminUser): Place[] =>
  tenants.filter(({ status }) => status === "active").slice(0, 8)

const actEntry = (
  user: AdminUser,
  place: Place,
  act: (whom: { user: AdminUser; place: Place }) => void,
): MenuEntry => ({
  label: `Act in their name in ${place.name}…`,
  icon: UserRoundCog,
  onSelect: () => act({ user, place }),
})

function PlatformDialog({ user, isMe, onClose }: { user: AdminUser; isMe: boolean; onClose: () => void }) {
  const { setPlatformAdmin } = useAdminActs()
  const to = !user.is_platform_admin
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={to ? `Make ${user.name} a platform admin?` : `Shall ${user.name} be no platform admin any more?`}
      description={
        to
          ? "They see every tenant and every account, suspend tenants, and act in other people’s names."
          : isMe
            ? "That is you: these pages close at once, and somebody else has to let you in again."
            : "These pages close for them within 5 seconds, and what they do in other people’s names ends."
      }
      act={to ? "Make a platform admin" : "Take it away"}
      {...(to ? { tone: "primary" as const } : {})}
      onAct={async () => {
        await setPlatformAdmin.mutateAsync({ id: user.id, is_platform_admin: to })
        toast.done(to ? `${user.name} is a platform admin` : `${user.name} is no platform admin any more`)
        if (isMe && !to) location.assign("/flows")
      }}
    />
  )
}

const Tenants = ({ tenants }: { tenants: readonly Place[] }) => (
  <span
    className="truncate text-soft"
    title={tenants.map(({ name, role }) => `${name} (${role})`).join(", ")}
  >
    {tenants.length === 0 ? "–" : tenants.map(({ name }) => name).join(", ")}
  </span>
)

const columns: readonly Column<AdminUser>[] = [
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 1fr)",
    sort: "name",
    cell: ({ name, is_platform_admin }) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium" title={name}>
          {name}
        </span>
        {is_platform_admin && <Badge tone="accent">Platform admin</Badge>}
      </span>
    ),
  },
  {
    id: "email",
    header: "Email",
    width: "minmax(10rem, 1.2fr)",
    sort: "email",
    cell: ({ email }) => (
      <span className="truncate text-muted" title={email}>
        {email}
      </span>
    ),
  },
  {
    id: "tenants",
    header: "Tenants",
    width: "minmax(8rem, 1fr)",
    cell: ({ tenants }) => <Tenants tenants={tenants} />,
  },
  {
    id: "seen",
    header: "Last seen",
    width: "7rem",
    align: "end",
    cell: ({ seen_at }) =>
      seen_at ? (
        <RelativeTime at={seen_at} className="text-muted" />
      ) : (
        <span className="text-muted">never</span>
      ),
  },
  {
    id: "created",
    header: "Created",
    width: "6rem",
    sort: "created_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: ({ created_at }) => <RelativeTime at={created_at} className="text-muted" />,
  },
]

const keyOf = (user: AdminUser) => user.id
const nameOf = (user: AdminUser) => user.name
const narrow = ({ name, email, is_platform_admin, tenants }: AdminUser) => (
  <>
    <span className="flex items-center gap-2">
      <span className="truncate text-md font-medium">{name}</span>
      {is_platform_admin && <Badge tone="accent">Platform admin</Badge>}
    </span>
    <span className="block truncate text-sm text-muted">
      {email}
      {tenants.length > 0 && ` · ${tenants.map((one) => one.name).join(", ")}`}
    </span>
  </>
)
