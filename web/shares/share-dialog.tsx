import { useQuery } from "@tanstack/react-query"
import { X } from "lucide-react"
import { useState } from "react"
import type { Access, ShareLevel } from "#core/access/level"
import { Failure } from "#core/errors"
import { SharingDraft, type SharingReply } from "#core/contract/shares"
import { Avatar } from "#web/ui/avatar.tsx"
import { Combobox } from "#web/ui/combobox.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Select } from "#web/ui/select.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { sharingQuery, useShare, type Shared } from "./queries.ts"

type Opened = { what: Shared; name: string; onClose: () => void }
type Somebody = SharingReply["people"][number]
type Row = { user: Somebody; level: ShareLevel }

/** Who comes how far with one flow, crew or agent. */
export function ShareDialog({ what, name, onClose }: Opened) {
  const loaded = useQuery(sharingQuery(what))
  const [isStale, setStale] = useState(false)
  const begin = () => {
    setStale(true)
    void loaded.refetch()
  }
  // What is edited stays as it is, whatever is read meanwhile; after a conflict it is begun anew.
  if (loaded.data && !loaded.isFetching)
    return (
      <Shares
        key={loaded.data.sharing.version}
        reply={loaded.data}
        {...{ what, name, onClose, isStale }}
        onStale={begin}
      />
    )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Share ${name}`}>
      {loaded.isError ? (
        <ErrorState error={loaded.error} onRetry={() => void loaded.refetch()} />
      ) : (
        <Loading what="the shares" className="flex flex-col gap-4 py-2">
          {["w-1/3", "w-full", "w-2/3"].map((width) => (
            <Skeleton key={width} className={width} />
          ))}
        </Loading>
      )}
    </Dialog>
  )
}

const levels = [
  { value: "view", label: "May view" },
  { value: "run", label: "May run" },
  { value: "edit", label: "May edit" },
]

const isLevel = (value: string): value is ShareLevel => levels.some((one) => one.value === value)

/** What a role keeps somebody from, whatever they are given here. */
function ceilingOf({ role }: Somebody, level: ShareLevel): string | undefined {
  if (role === "admin") return "All of it, as an admin"
  if (role === "viewer" && level !== "view") return "Views only, as a viewer"
  if (role === "executor" && level === "edit") return "Runs only, as an executor"
  return undefined
}

type SharesProps = Opened & {
  reply: SharingReply
  /** Whether somebody else has written meanwhile, and what they wrote stands here now. */
  isStale: boolean
  onStale: () => void
}

function Shares({ what, name, reply, onClose, isStale, onStale }: SharesProps) {
  const { sharing, people } = reply
  const share = useShare(what)
  const form = useForm({
    initial: { access: sharing.access, shares: sharing.shares },
    toBody: ({ access, shares }) => ({
      access,
      shares: shares.map(({ user, level }) => ({ user_id: user.id, level })),
    }),
    schema: SharingDraft,
    submit: async (body) => {
      try {
        await share.mutateAsync({ body, onto: sharing.version })
      } catch (error) {
        if (error instanceof Failure && error.code === "conflict.stale") return onStale()
        throw error
      }
      toast.done(`Who comes how far with ${name} is saved`)
      onClose()
    },
  })
  const { values, errors, set } = form
  const given = new Set(values.shares.map(({ user }) => user.id))
  const rest = people.filter(({ id }) => !given.has(id))
  return (
    <FormDialog
      form={form}
      act="Save shares"
      onClose={onClose}
      title={`Share ${name}`}
      description={
        sharing.owner
          ? `${sharing.owner.name} made this ${what.is}, and keeps all that their role allows, like every admin.`
          : "Admins keep all that they may, whatever stands here."
      }
      className="gap-5"
    >
      {isStale && (
        <p role="alert" className="rounded-md bg-waiting-soft px-3 py-2 text-waiting">
          Somebody else has shared it meanwhile, so yours was not saved. These are the shares as they are now.
        </p>
      )}
      <Field
        label="Who finds it"
        help={
          values.access === "role"
            ? "Everybody in the workspace, as far as their role goes. Shares below say how far single people come instead."
            : "For everybody else it is not there: no list, no search, no link shows it."
        }
      >
        <Select
          value={values.access}
          options={[
            { value: "role", label: "Everybody, by their role" },
            { value: "shared", label: "Only those it is shared with" },
          ]}
          onChange={(access) => set({ access: access === "shared" ? "shared" : "role" })}
        />
      </Field>
      <Chooser
        people={rest}
        nobody={people.length === 0 ? "Nobody else is in this workspace" : "Everybody is here already"}
        onChoose={(user) => set({ shares: [...values.shares, { user, level: "view" }] })}
      />
      <Rows rows={values.shares} access={values.access} onChange={(shares) => set({ shares })} />
      {errors["shares"] && (
        <p role="alert" className="text-sm text-failed">
          {errors["shares"]}
        </p>
      )}
    </FormDialog>
  )
}

type ChooserProps = {
  people: readonly Somebody[]
  /** What is said when there are none. */
  nobody: string
  onChoose: (one: Somebody) => void
}

function Chooser({ people, nobody, onChoose }: ChooserProps) {
  const [typed, setTyped] = useState("")
  const wanted = typed.trim().toLowerCase()
  const options = people
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, 50)
    .map(({ id, name, role }) => ({ value: id, label: name, note: role }))
  return (
    <Field label="Add a person">
      <Combobox
        chosen=""
        placeholder="Type a name"
        options={options}
        typed={typed}
        onType={setTyped}
        onChoose={({ value }) => {
          const user = people.find(({ id }) => id === value)
          if (user) onChoose(user)
        }}
        nothing={people.length === 0 ? nobody : "Nobody here is called that"}
      />
    </Field>
  )
}

type RowsProps = {
  rows: readonly Row[]
  access: Access
  onChange: (rows: Row[]) => void
}

function Rows({ rows, access, onChange }: RowsProps) {
  if (rows.length === 0)
    return (
      <p className="rounded-md border border-dashed border-line px-3 py-4 text-center text-sm text-muted">
        {access === "role"
          ? "Shared with nobody in particular: roles decide."
          : "Shared with nobody yet: only its owner and admins find it."}
      </p>
    )
  return (
    <ul aria-label="Shared with" className="flex flex-col divide-y divide-line rounded-md border border-line">
      {rows.map(({ user, level }, i) => {
        const ceiling = ceilingOf(user, level)
        return (
          <li key={user.id} className="flex items-center gap-2 px-2 py-1.5">
            <Avatar name={user.name} seed={user.id} />
            <div className="min-w-0 flex-1">
              <p className="truncate">{user.name}</p>
              <p className="truncate text-sm text-muted">{ceiling ?? user.role}</p>
            </div>
            <Select
              aria-label={`How far ${user.name} comes`}
              value={level}
              options={levels}
              onChange={(next) =>
                isLevel(next) && onChange(rows.map((row, at) => (at === i ? { ...row, level: next } : row)))
              }
              className="w-auto shrink-0"
            />
            <IconButton
              label={`Stop sharing with ${user.name}`}
              size="sm"
              onClick={() => onChange(rows.filter((_, at) => at !== i))}
            >
              <X />
            </IconButton>
          </li>
        )
      })}
    </ul>
  )
}
