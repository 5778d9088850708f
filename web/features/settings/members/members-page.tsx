import { UserPlus } from "lucide-react"
import { lazy, Suspense } from "react"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Select } from "#web/ui/select.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { InvitationTable } from "./invitation-table.tsx"
import { MemberTable } from "./member-table.tsx"
import { roleOptions } from "./roles.ts"
import { usePeopleSearch } from "./use-people-list.ts"

const InviteDialog = lazy(() => import("./invite-dialog.tsx"))

const tabs = [
  { value: "members", label: "Members" },
  { value: "invitations", label: "Invitations" },
] as const

/** Who belongs to the tenant and in which role, and who is invited. */
export function MembersPage() {
  const { search, set } = usePeopleSearch()
  const mayEdit = useCan("user.edit")
  const tab = search.tab ?? "members"
  const onInvite = mayEdit ? () => set({ invite: true }, false) : undefined
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Settings", to: "/settings" }, { label: "Members" }]}
        actions={
          onInvite && (
            <Button tone="primary" size="sm" onClick={onInvite}>
              <UserPlus aria-hidden />
              Invite
            </Button>
          )
        }
      />
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <Segments
          label="Which people"
          segments={tabs}
          value={tab}
          onChange={(value) => set({ tab: value === "members" ? undefined : value, sort: undefined })}
        />
        <SearchInput
          label={tab === "members" ? "Search members" : "Search invitations"}
          value={search.q ?? ""}
          onChange={(q) => set({ q: q || undefined })}
          className="max-md:w-auto max-md:flex-1"
        />
        {tab === "members" && (
          <Select
            aria-label="Role"
            className="w-36 max-md:flex-1"
            options={[{ value: "", label: "Any role" }, ...roleOptions]}
            value={search.role ?? ""}
            onChange={(role) => set({ role: roleOf(role) })}
          />
        )}
      </div>
      {tab === "members" ? <MemberTable mayEdit={mayEdit} /> : <InvitationTable onInvite={onInvite} />}
      <Suspense>
        {mayEdit && search.invite && <InviteDialog onClose={() => set({ invite: undefined })} />}
      </Suspense>
    </>
  )
}

const roles = ["admin", "editor", "viewer", "executor"] as const
const roleOf = (text: string) => roles.find((role) => role === text)
