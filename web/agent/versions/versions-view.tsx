import { queryOptions, useMutation, useQuery } from "@tanstack/react-query"
import { History } from "lucide-react"
import { useState } from "react"
import type { DefinitionVersion } from "#core/contract/agents"
import type { Json } from "#core/json"
import { useActors } from "#web/api/choices.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Select } from "#web/ui/select.tsx"
import { toast } from "#web/ui/toast.tsx"
import { ValueDiff } from "#web/ui/value-diff.tsx"

type Change = { path: string; from: Json | null; to: Json | null }

/** Where the versions of a definition come from, and how an earlier one becomes the next. */
export type VersionSource = {
  /** Begins the keys of what is read. */
  key: readonly unknown[]
  list: (signal: AbortSignal) => Promise<{ versions: DefinitionVersion[] }>
  diff: (from: number, to: number, signal: AbortSignal) => Promise<{ changes: Change[] }>
  /** On top of the version that holds; gives the one that it makes. */
  rollback: (version: number, onto: number) => Promise<number>
}

type VersionsViewProps = {
  source: VersionSource
  /** The version that holds now. */
  current: number
  /** Absent for those who may not change it; a reason where it cannot be done right now. */
  mayRestore: boolean
  isDirty: boolean
}

/** Every version there was, what differs between any two, and the way back. */
export function VersionsView({ source, current, mayRestore, isDirty }: VersionsViewProps) {
  const list = useQuery(
    queryOptions({
      queryKey: [...source.key, "versions", current],
      queryFn: ({ signal }) => source.list(signal),
    }),
  )
  const [chosen, setChosen] = useState<number | null>(null)
  const [against, setAgainst] = useState<number | null>(null)
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) {
    return (
      <Loading what="the versions" className="flex flex-col gap-5 p-5">
        {["w-1/3", "w-1/2", "w-2/5"].map((width) => (
          <Skeleton key={width} className={width} />
        ))}
      </Loading>
    )
  }
  const { versions } = list.data
  const from = chosen ?? versions[1]?.version ?? null
  const to = against ?? current
  return (
    <div className="flex min-h-0 flex-1 max-md:flex-col">
      <VersionList versions={versions} current={current} chosen={from} onChoose={setChosen} />
      <section aria-label="What differs" className="flex min-w-0 flex-1 flex-col gap-4 overflow-y-auto p-5">
        {from === null ? (
          <EmptyState icon={History} title="One version so far">
            Every save makes the next version; each is kept, and any of them can be brought back.
          </EmptyState>
        ) : (
          <>
            <div className="flex flex-wrap items-center gap-2">
              <h2 className="text-md font-semibold">From version {from} to</h2>
              <Select
                aria-label="Compare with"
                className="w-36"
                value={String(to)}
                onChange={(next) => setAgainst(Number(next))}
                options={versions.map(({ version }) => ({
                  value: String(version),
                  label: version === current ? `Version ${version}, now` : `Version ${version}`,
                }))}
              />
              {mayRestore && from !== current && (
                <Restore source={source} version={from} current={current} isDirty={isDirty} />
              )}
            </div>
            <Differences source={source} from={from} to={to} />
          </>
        )}
      </section>
    </div>
  )
}

type VersionListProps = {
  versions: readonly DefinitionVersion[]
  current: number
  chosen: number | null
  onChoose: (version: number) => void
}

function VersionList({ versions, current, chosen, onChoose }: VersionListProps) {
  const actors = useActors()
  return (
    <ol
      aria-label="Versions"
      className="w-60 shrink-0 overflow-y-auto border-r border-line py-1 max-md:max-h-48 max-md:w-full max-md:border-r-0 max-md:border-b"
    >
      {versions.map((one) => (
        // Thousands of versions: those out of view are not laid out.
        <li key={one.version} className="[contain-intrinsic-size:auto_3rem] [content-visibility:auto]">
          <button
            type="button"
            aria-pressed={one.version === chosen}
            onClick={() => onChoose(one.version)}
            className={cn(
              "focus-ring-inset flex w-full flex-col px-4 py-1.5 text-left hover:bg-hover",
              one.version === chosen && "bg-accent-soft hover:bg-accent-soft",
            )}
          >
            <span className="flex w-full items-center gap-2">
              <span className="tabular font-medium">Version {one.version}</span>
              {one.version === current && <Badge>Now</Badge>}
              <RelativeTime at={one.created_at} className="ml-auto text-sm text-muted" />
            </span>
            <span className="truncate text-sm text-muted">{actors.say(one.created_by)}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}

function Differences({ source, from, to }: { source: VersionSource; from: number; to: number }) {
  const diff = useQuery(
    queryOptions({
      queryKey: [...source.key, "diff", from, to],
      queryFn: ({ signal }) => source.diff(from, to, signal),
      staleTime: Infinity,
    }),
  )
  if (diff.isError) return <ErrorNote error={diff.error} />
  if (!diff.data) return <Skeleton className="w-2/3" />
  if (diff.data.changes.length === 0) return <p className="text-muted">They are the same.</p>
  return diff.data.changes.map((change) => (
    <ValueDiff
      key={change.path}
      path={change.path}
      left={change.from ?? undefined}
      right={change.to ?? undefined}
    />
  ))
}

type RestoreProps = { source: VersionSource; version: number; current: number; isDirty: boolean }

function Restore({ source, version, current, isDirty }: RestoreProps) {
  const restore = useMutation({
    mutationFn: ({ wanted, onto }: { wanted: number; onto: number }) => source.rollback(wanted, onto),
    onSuccess: (made, { wanted, onto }) =>
      toast.done(
        `Version ${wanted} holds again`,
        wanted === version ? { onClick: () => restore.mutate({ wanted: onto, onto: made }) } : undefined,
      ),
    onError: (error) => toast.failed(error, `Version ${version} was not brought back`),
  })
  return (
    <>
      <Button
        size="sm"
        className="ml-auto"
        disabled={isDirty}
        busy={restore.isPending}
        onClick={() => restore.mutate({ wanted: version, onto: current })}
      >
        Bring back version {version}
      </Button>
      {isDirty && <p className="w-full text-right text-sm text-muted">Save or discard your changes first.</p>}
    </>
  )
}
