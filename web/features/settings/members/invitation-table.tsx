import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Clock, ClockAlert, MailX, SearchX, Send, UserPlus } from "lucide-react"
import { useCallback, useMemo, useState } from "react"
import type { Invitation } from "#core/contract/members"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { InviteLink, type MadeLink } from "./invite-link.tsx"
import { invitationsQuery, useInvitationActs } from "./queries.ts"
import { roleWords } from "./roles.ts"
import { usePeopleSearch } from "./use-people-list.ts"

/** `onInvite` is absent for those who may not invite. */
export function InvitationTable({ onInvite }: { onInvite: (() => void) | undefined }) {
  const { search, q, set } = usePeopleSearch()
  const sort = sortable.has(search.sort ?? "") ? search.sort! : "-created_at"
  const list = useInfiniteQuery({
    ...invitationsQuery({ sort, ...(q ? { search: q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const [made, setMade] = useState<MadeLink | null>(null)
  const [withdrawn, setWithdrawn] = useState<Invitation | null>(null)
  const rowMenu = useRowMenu(setMade, setWithdrawn)
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.invitations), [list.data])
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  if (list.error && !rows) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
  }
  return (
    <>
      <Table
        label="Invitations"
        rows={rows}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={columns}
        narrow={narrow}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onEnd={hasNextPage ? more : undefined}
        total={list.data?.pages[0]?.total}
        {...(onInvite && { rowMenu })}
        empty={search.q ? <NoMatch /> : <None onInvite={onInvite} />}
      />
      {made && <InviteLink {...made} onClose={() => setMade(null)} />}
      {withdrawn && <WithdrawDialog invitation={withdrawn} onClose={() => setWithdrawn(null)} />}
    </>
  )
}

function useRowMenu(onMade: (made: MadeLink) => void, onWithdraw: (one: Invitation) => void) {
  const { mutate: resend } = useInvitationActs().resend
  return useCallback(
    (invitation: Invitation): MenuEntry[] => [
      {
        label: "Make a new link",
        icon: Send,
        onSelect: () =>
          resend(invitation, {
            onError: (error) => toast.failed(error),
            onSuccess: ({ invite_url: url, emailed }) => onMade({ email: invitation.email, url, emailed }),
          }),
      },
      "divider",
      { label: "Withdraw…", icon: MailX, danger: true, onSelect: () => onWithdraw(invitation) },
    ],
    [resend, onMade, onWithdraw],
  )
}

function WithdrawDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { revoke } = useInvitationActs()
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Withdraw the invitation of ${invitation.email}?`}
      description="Its link stops at once. You can invite them again."
      act="Withdraw invitation"
      onAct={async () => {
        await revoke.mutateAsync(invitation)
        toast.done(`Withdrew the invitation of ${invitation.email}`)
      }}
    />
  )
}

const sortable = new Set(["email", "created_at", "expires_at"].flatMap((field) => [field, `-${field}`]))

const InvitationStatus = ({ invitation }: { invitation: Invitation }) =>
  invitation.status === "pending" ? (
    <StatusBadge tone="waiting" icon={Clock}>
      Pending
    </StatusBadge>
  ) : (
    <StatusBadge tone="attention" icon={ClockAlert}>
      Expired
    </StatusBadge>
  )

const columns: readonly Column<Invitation>[] = [
  { id: "status", header: "Status", width: "6rem", cell: (one) => <InvitationStatus invitation={one} /> },
  {
    id: "email",
    header: "Email",
    width: "minmax(10rem, 1fr)",
    sort: "email",
    cell: (one) => (
      <span className="truncate font-medium" title={one.email}>
        {one.email}
      </span>
    ),
  },
  { id: "role", header: "Role", width: "6rem", cell: (one) => <span>{roleWords[one.role].label}</span> },
  {
    id: "by",
    header: "Invited by",
    width: "minmax(7rem, 0.6fr)",
    room: "wide",
    cell: (one) => <span className="truncate text-muted">{one.invited_by.name}</span>,
  },
  {
    id: "expires",
    header: "Expires",
    width: "6.5rem",
    sort: "expires_at",
    align: "end",
    cell: (one) => <RelativeTime at={one.expires_at} className="text-muted" />,
  },
  {
    id: "created",
    header: "Invited",
    width: "6rem",
    sort: "created_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: (one) => <RelativeTime at={one.created_at} className="text-muted" />,
  },
]

const keyOf = (one: Invitation) => one.id
const nameOf = (one: Invitation) => one.email
/** Two lines for a phone. */
const narrow = (one: Invitation) => (
  <>
    <span className="block truncate text-md font-medium">{one.email}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <InvitationStatus invitation={one} />
      <span>{roleWords[one.role].label}</span>
      <RelativeTime at={one.expires_at} className="ml-auto" />
    </span>
  </>
)

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No invitation matches">
    Search looks at addresses.
  </EmptyState>
)

const None = ({ onInvite }: { onInvite: (() => void) | undefined }) => (
  <EmptyState
    icon={UserPlus}
    title="Nobody is invited"
    action={
      onInvite && (
        <Button tone="primary" onClick={onInvite}>
          Invite somebody
        </Button>
      )
    }
  >
    An invitation is a link for one address and one role. It works once, and stands here until it is accepted.
  </EmptyState>
)
