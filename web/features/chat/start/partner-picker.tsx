import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { LoaderCircle, MessagesSquare, SearchX } from "lucide-react"
import { useRef, useState, type KeyboardEvent } from "react"
import { partnersQuery, type Partner } from "#web/api/partners.ts"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { useBegin } from "../queries.ts"
import { partnerLook } from "./partner-look.ts"

const kinds = ["crew", "agent", "flow"] as const

/** Whom to talk with: a press begins the chat. */
export function PartnerPicker() {
  const [typed, setTyped] = useState("")
  const search = useSettled(typed.trim(), 150)
  const found = useQuery({ ...partnersQuery(search), placeholderData: keepPreviousData })
  const begin = useBegin()
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  const choose = (partner: Partner) =>
    begin.mutate(partner, {
      onSuccess: ({ session }) => void navigate({ to: "/chat/$chatId", params: { chatId: session.id } }),
    })
  if (found.error && !found.data) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
  }
  if (found.data?.length === 0 && search === "") return <Nobody />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-4 px-6 py-8 max-md:px-4 max-md:py-4">
        <div>
          <h2 className="text-lg font-semibold">Who should answer?</h2>
          <p className="mt-0.5 text-muted">
            A crew works out an answer together, an agent by itself; a flow takes your message as its input.
          </p>
        </div>
        <SearchInput
          label="Search crews, agents and flows"
          value={typed}
          onChange={setTyped}
          className="w-full"
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== "ArrowDown") return
            event.preventDefault()
            list.current?.querySelector("button")?.focus()
          }}
        />
        {begin.error && <ErrorNote error={begin.error} />}
        <div ref={list} onKeyDown={walk} role="presentation" className="flex flex-col gap-5">
          {found.data ? (
            kinds.map((kind) => (
              <Group
                key={kind}
                kind={kind}
                partners={found.data.filter(({ is }) => is === kind)}
                chosen={begin.isPending ? begin.variables.id : undefined}
                onChoose={choose}
              />
            ))
          ) : (
            <PickerSkeleton />
          )}
        </div>
        {found.data?.length === 0 && (
          <EmptyState icon={SearchX} title={`Nobody is called “${search}”`} className="py-8" />
        )}
      </div>
    </div>
  )
}

/** Up and down walk through the choices, whatever group they stand in. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0
  if (step === 0) return
  const all = [...event.currentTarget.querySelectorAll("button")]
  const at = all.findIndex((one) => one === document.activeElement)
  event.preventDefault()
  all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus()
}

type GroupProps = {
  kind: Partner["is"]
  partners: readonly Partner[]
  /** The one whose chat is being begun. */
  chosen: string | undefined
  onChoose: (partner: Partner) => void
}

function Group({ kind, partners, chosen, onChoose }: GroupProps) {
  if (partners.length === 0) return null
  const { icon: Icon, heading, tile } = partnerLook[kind]
  return (
    <section aria-label={heading}>
      <h3 className="mb-1 text-sm font-medium text-muted">{heading}</h3>
      <ul className="grid gap-1.5 sm:grid-cols-2">
        {partners.map((partner) => (
          <li key={partner.id} className="min-w-0">
            <button
              type="button"
              disabled={chosen !== undefined}
              onClick={() => onChoose(partner)}
              className="focus-ring flex w-full items-center gap-2.5 rounded-md border border-line px-2.5 py-2 text-left hover:border-line-strong hover:bg-hover disabled:opacity-60"
            >
              <span
                aria-hidden
                className={cn("flex size-7 shrink-0 items-center justify-center rounded-md", tile)}
              >
                {chosen === partner.id ? <LoaderCircle className="animate-spin" /> : <Icon />}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium" title={partner.name}>
                  {partner.name}
                </span>
                {partner.note && (
                  <span className="block truncate text-sm text-muted" title={partner.note}>
                    {partner.note}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Nobody = () => (
  <EmptyState
    icon={MessagesSquare}
    title="Nobody to talk with yet"
    className="my-auto"
    action={
      <>
        <Button asChild tone="primary">
          <Link to="/agents">Create an agent</Link>
        </Button>
        <Button asChild>
          <Link to="/crews">Create a crew</Link>
        </Button>
      </>
    }
  >
    You chat with an agent, a crew or a published flow, and see every thought and tool call on the way to an
    answer.
  </EmptyState>
)

const PickerSkeleton = () => (
  <Loading what="whom you can talk with" className="grid gap-1.5 sm:grid-cols-2">
    {[0, 1, 2, 3].map((n) => (
      <span key={n} className="flex h-14 items-center gap-2.5 rounded-md border border-line px-2.5">
        <Skeleton className="size-7" />
        <Skeleton className="w-32" />
      </span>
    ))}
  </Loading>
)
