import { CircleCheck, CircleSlash } from "lucide-react"
import type { Member } from "#core/contract/members"
import { Avatar } from "#web/ui/avatar.tsx"
import { Badge, StatusBadge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { roleWords } from "./roles.ts"

const MemberStatus = ({ member }: { member: Member }) =>
  member.status === "active" ? (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      Active
    </StatusBadge>
  ) : (
    <StatusBadge tone="cancelled" icon={CircleSlash}>
      Disabled
    </StatusBadge>
  )

const LastSeen = ({ member }: { member: Member }) =>
  member.last_seen_at ? (
    <RelativeTime at={member.last_seen_at} className="text-muted" />
  ) : (
    <span className="text-muted">Never</span>
  )

/** `own` is the id of whoever looks. */
export const memberColumns = (own: string): readonly Column<Member>[] => [
  { id: "status", header: "Status", width: "6rem", cell: (member) => <MemberStatus member={member} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 1fr)",
    sort: "name",
    cell: (member) => (
      <span className="flex min-w-0 items-center gap-2" title={member.name}>
        <Avatar name={member.name || member.email} seed={member.id} size="sm" />
        <span className="truncate font-medium">{member.name || member.email}</span>
        {member.id === own && <Badge>You</Badge>}
      </span>
    ),
  },
  {
    id: "email",
    header: "Email",
    width: "minmax(9rem, 1fr)",
    sort: "email",
    room: "wide",
    cell: (member) => (
      <span className="truncate text-muted" title={member.email}>
        {member.email}
      </span>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: "6rem",
    sort: "role",
    cell: (member) => <span>{roleWords[member.role].label}</span>,
  },
  {
    id: "seen",
    header: "Last here",
    width: "6.5rem",
    sort: "last_seen_at",
    first: "desc",
    align: "end",
    cell: (member) => <LastSeen member={member} />,
  },
  {
    id: "joined",
    header: "Joined",
    width: "6rem",
    sort: "created_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: (member) => <RelativeTime at={member.created_at} className="text-muted" />,
  },
]

/** Two lines for a phone. */
export const MemberNarrow = ({ member }: { member: Member }) => (
  <>
    <span className="block truncate text-md font-medium">{member.name || member.email}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <MemberStatus member={member} />
      <span>{roleWords[member.role].label}</span>
      <span className="ml-auto min-w-0 truncate">{member.email}</span>
    </span>
  </>
)
