import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { CircleCheck, CircleSlash, KeyRound, SearchX, ShieldHalf, UserMinus } from "lucide-react"
import { lazy, Suspense, useCallback, useMemo, useState } from "react"
import type { Member } from "#core/contract/members"
import { useMe } from "#web/api/me.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { MemberNarrow, memberColumns } from "./member-columns.tsx"
import { membersQuery, useMemberActs } from "./queries.ts"
import { usePeopleSearch } from "./use-people-list.ts"

const RoleDialog = lazy(() => import("./role-dialog.tsx"))
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"))
const ResetDialog = lazy(() => import("./reset-dialog.tsx"))

type Opened = { is: "role" | "remove" | "reset"; member: Member }

export function MemberTable({ mayEdit }: { mayEdit: boolean }) {
  const { search, q, set } = usePeopleSearch()
  const { user } = useMe()
  const sort = search.sort ?? "name"
  const list = useInfiniteQuery({
    ...membersQuery({ sort, ...(q ? { search: q } : {}), ...(search.role ? { role: search.role } : {}) }),
    placeholderData: keepPreviousData,
  })
  const [opened, setOpened] = useState<Opened | null>(null)
  const rowMenu = useRowMenu(setOpened)
  const columns = useMemo(() => memberColumns(user.id), [user.id])
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.users), [list.data])
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
        label="Members"
        rows={rows}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={columns}
        narrow={narrow}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onEnd={hasNextPage ? more : undefined}
        total={list.data?.pages[0]?.total}
        {...(mayEdit && { rowMenu })}
        empty={<NoMatch />}
      />
      <Suspense>{opened && <OpenedDialog {...opened} onClose={() => setOpened(null)} />}</Suspense>
    </>
  )
}

function OpenedDialog({ is, member, onClose }: Opened & { onClose: () => void }) {
  if (is === "role") return <RoleDialog member={member} onClose={onClose} />
  if (is === "remove") return <RemoveDialog member={member} onClose={onClose} />
  return <ResetDialog member={member} onClose={onClose} />
}

function useRowMenu(onOpen: (opened: Opened) => void): (member: Member) => MenuEntry[] {
  const { mutate: change } = useMemberActs().change
  return useCallback(
    (member: Member): MenuEntry[] => {
      const isActive = member.status === "active"
      return [
        { label: "Change role…", icon: ShieldHalf, onSelect: () => onOpen({ is: "role", member }) },
        { label: "New password…", icon: KeyRound, onSelect: () => onOpen({ is: "reset", member }) },
        {
          label: isActive ? "Disable" : "Enable",
          icon: isActive ? CircleSlash : CircleCheck,
          onSelect: () =>
            change(
              { id: member.id, status: isActive ? "disabled" : "active" },
              {
                onError: (error) => toast.failed(error),
                onSuccess: () => toast.done(`${isActive ? "Disabled" : "Enabled"} ${nameOf(member)}`),
              },
            ),
        },
        "divider",
        { label: "Remove…", icon: UserMinus, danger: true, onSelect: () => onOpen({ is: "remove", member }) },
      ]
    },
    [change, onOpen],
  )
}

const keyOf = (member: Member) => member.id
const nameOf = (member: Member) => member.name || member.email
const narrow = (member: Member) => <MemberNarrow member={member} />

const NoMatch = () => (
  <EmptyState icon={SearchX} title="Nobody matches">
    Search looks at names and addresses.
  </EmptyState>
)
