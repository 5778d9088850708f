import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import type { FlowDiff, FlowVersion } from "#core/contract/flows"
import { useSetAtom } from "#web/state/jotai.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Diff, History } from "lucide-react"
import { sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { PanelHeading } from "../panel/panel-heading.tsx"
import { diffQuery, restoreNow, versionsQuery } from "../panel/queries.ts"
import { NamedVersions } from "./named-versions.tsx"
import { useRestore } from "./use-restore.ts"

type Kind = "published" | "named"

const kinds: { value: Kind; label: string }[] = [
  { value: "published", label: "Published" },
  { value: "named", label: "Named" },
]
const aboutKind: Record<Kind, string> = {
  published: "Each publication freezes one; executions keep theirs.",
  named: "States of the draft that were given a name.",
}

/** What was published and what was given a name, when and by whom; what has changed since; and the way back. */
export function VersionsPanel() {
  const setSide = useSetAtom(sideAtom)
  const [kind, setKind] = useState<Kind>("published")
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-panel>
      <PanelHeading title="Versions" onClose={() => setSide("panel")}>
        {aboutKind[kind]}
      </PanelHeading>
      <div className="border-b px-3 py-2">
        <Segments label="Versions shown" segments={kinds} value={kind} onChange={setKind} />
      </div>
      {kind === "named" ? <NamedVersions /> : <PublishedVersions />}
    </div>
  )
}

function PublishedVersions() {
  const { flowId } = useEditor()
  const versions = useQuery(versionsQuery(flowId))
  const [openAt, setOpenAt] = useState<number | null>(null)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {versions.isPending ? (
        <Loading what="versions" className="flex flex-col gap-4 p-3">
          <Skeleton className="w-1/2" />
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </Loading>
      ) : versions.isError ? (
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
      ) : versions.data.versions.length === 0 ? (
        <EmptyState icon={History} title="Nothing published yet">
          Publish the draft to freeze it as version 1; the API executes the published version.
        </EmptyState>
      ) : (
        <ol>
          {versions.data.versions.map((version) => (
            <li key={version.version} className="border-b">
              <Version
                version={version}
                open={openAt === version.version}
                onToggle={() => setOpenAt(openAt === version.version ? null : version.version)}
              />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function Version({ version, open, onToggle }: { version: FlowVersion; open: boolean; onToggle: () => void }) {
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="focus-ring-inset flex w-full flex-col gap-0.5 px-3 py-2 text-left hover:bg-hover"
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="font-medium">Version {version.version}</span>
          <RelativeTime at={version.created_at} className="ml-auto text-sm text-muted" />
        </span>
        {version.note && <span className="text-soft">{version.note}</span>}
      </button>
      {open && <Difference version={version.version} />}
    </>
  )
}

/** What differs between a version and the draft, and the act that brings the version back. */
function Difference({ version }: { version: number }) {
  const { flowId, mayEdit } = useEditor()
  const queries = useQueryClient()
  const diff = useQuery(diffQuery(flowId, version, "draft"))
  const { busy, restore } = useRestore(`Version ${version}`, async () => {
    const restored = await restoreNow(flowId, version)
    await queries.invalidateQueries({ queryKey: versionsQuery(flowId).queryKey })
    return restored
  })
  return (
    <div className="flex flex-col gap-3 bg-sunken px-3 pt-2 pb-3">
      {diff.isPending ? (
        <Skeleton className="w-2/3" />
      ) : diff.isError ? (
        <p className="text-failed">The difference could not be loaded.</p>
      ) : (
        <DiffSummary diff={diff.data} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button asChild size="sm">
          <Link to="/flows/$flowId/compare" params={{ flowId }} search={{ from: version, to: "draft" }}>
            <Diff aria-hidden className="size-3.5" />
            Compare with the draft
          </Link>
        </Button>
        {version > 1 && (
          <Button asChild size="sm" tone="ghost">
            <Link to="/flows/$flowId/compare" params={{ flowId }} search={{ from: version - 1, to: version }}>
              What it brought
            </Link>
          </Button>
        )}
        {mayEdit && (
          <Button size="sm" tone="ghost" busy={busy} onClick={() => void restore()}>
            Restore version {version}
          </Button>
        )}
      </div>
    </div>
  )
}

const kindsOfChange = [
  ["added", "succeeded", "Added since"],
  ["changed", "waiting", "Changed since"],
  ["removed", "failed", "Removed since"],
] as const

/** Nodes by name, edges by number: what a person would ask first. */
export function DiffSummary({ diff }: { diff: FlowDiff }) {
  const edges = diff.edges.added.length + diff.edges.removed.length + diff.edges.changed.length
  const nodes = diff.nodes.added.length + diff.nodes.removed.length + diff.nodes.changed.length
  if (nodes + edges + diff.fields.length === 0) return <p className="text-muted">The draft is the same.</p>
  return (
    <dl className="flex flex-col gap-2">
      {kindsOfChange.map(([change, tone, words]) =>
        diff.nodes[change].length === 0 ? null : (
          <div key={change}>
            <dt className="mb-1 text-sm text-muted">{words}</dt>
            <dd className="flex flex-wrap gap-1">
              {diff.nodes[change].map((id) => (
                <Badge key={id} tone={tone} className="font-mono">
                  {id}
                </Badge>
              ))}
            </dd>
          </div>
        ),
      )}
      {edges > 0 && (
        <div>
          <dt className="text-sm text-muted">Edges</dt>
          <dd>
            {[
              diff.edges.added.length > 0 && `${diff.edges.added.length} added`,
              diff.edges.removed.length > 0 && `${diff.edges.removed.length} removed`,
              diff.edges.changed.length > 0 && `${diff.edges.changed.length} changed`,
            ]
              .filter(Boolean)
              .join(", ")}
          </dd>
        </div>
      )}
      {diff.fields.length > 0 && (
        <div>
          <dt className="text-sm text-muted">The flow</dt>
          <dd>{diff.fields.map((field) => field.replaceAll("_", " ")).join(", ")}</dd>
        </div>
      )}
    </dl>
  )
}
