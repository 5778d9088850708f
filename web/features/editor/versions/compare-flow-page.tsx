import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { ArrowLeftRight, ArrowRight, History } from "lucide-react"
import type { Flow, FlowVersion } from "#core/contract/flows"
import type { NamedVersion } from "#core/contract/canvas"
import { Failure } from "#core/errors"
import { NamedVersionId } from "#core/ids"
import type { FlowGraph } from "#core/flow/graph"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Select } from "#web/ui/select.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { comparedFlowQuery, frozenQuery, namedDraftQuery, namedVersionsQuery } from "./queries.ts"
import { VersionComparison } from "./version-comparison.tsx"

/** A published version by its number, a named one by its id; or `draft`. */
type Side = number | string

const here = "/shell/inside/flows/$flowId/compare"

/** Two versions of a flow, or one and the draft, on one canvas. */
export function CompareFlowPage() {
  const { flowId } = useParams({ from: here })
  const asked = useSearch({ from: here })
  const navigate = useNavigate()
  const opened = useQuery(comparedFlowQuery(flowId))
  const named = useQuery(namedVersionsQuery(flowId))
  const flow = opened.data?.flow
  const from = asked.from ?? flow?.published_version ?? null
  const to = asked.to ?? "draft"
  const sides = [useSide(flowId, from, flow), useSide(flowId, to, flow)] as const
  const choose = (search: { from: Side; to: Side }) =>
    void navigate({ to: "/flows/$flowId/compare", params: { flowId }, search })
  const failed = opened.error ?? sides[0].error ?? sides[1].error
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Flows", to: "/flows" },
          { label: flow?.name ?? "…", to: `/flows/${flowId}` },
          { label: "Compare" },
        ]}
      />
      {failed ? (
        <NotCompared
          flowId={flowId}
          error={failed}
          onRetry={() => void Promise.all([opened.refetch(), sides[0].refetch(), sides[1].refetch()])}
        />
      ) : !opened.data ? (
        <Waiting />
      ) : from === null ? (
        <NothingPublished flowId={flowId} />
      ) : (
        <div className="flex h-full min-h-0 flex-col">
          <Sides
            versions={opened.data.versions}
            named={named.data ?? []}
            flow={opened.data.flow}
            from={from}
            to={to}
            onChoose={choose}
          />
          {sides[0].graph && sides[1].graph ? (
            <VersionComparison
              key={`${from} ${to}`}
              from={sides[0].graph}
              to={sides[1].graph}
              at={asked.at ?? null}
              onAt={(at) =>
                void navigate({
                  to: "/flows/$flowId/compare",
                  params: { flowId },
                  search: { from, to, ...(at === null ? {} : { at }) },
                  replace: true,
                })
              }
            />
          ) : (
            <Waiting />
          )}
        </div>
      )}
    </>
  )
}

/** The graph of one side, once it is here. */
function useSide(flowId: string, side: Side | null, flow: Flow | undefined) {
  const isFrozen = typeof side === "number"
  const isNamed = side !== null && !isFrozen && side !== "draft"
  const frozen = useQuery({ ...frozenQuery(flowId, isFrozen ? side : 0), enabled: isFrozen })
  const named = useQuery({ ...namedDraftQuery(flowId, isNamed ? side : ""), enabled: isNamed })
  if (isNamed) return { graph: named.data?.draft, error: named.error, refetch: named.refetch }
  const graph: FlowGraph | undefined = isFrozen ? frozen.data : flow
  return { graph, error: isFrozen ? frozen.error : null, refetch: async () => isFrozen && frozen.refetch() }
}

type SidesProps = {
  versions: readonly FlowVersion[]
  named: readonly NamedVersion[]
  flow: Flow
  from: Side
  to: Side
  onChoose: (sides: { from: Side; to: Side }) => void
}

function Sides({ versions, named, flow, from, to, onChoose }: SidesProps) {
  const options = [
    { value: "draft", label: "The draft" },
    ...versions.map(({ version }) => ({
      value: `${version}`,
      label: version === flow.published_version ? `Version ${version}, published` : `Version ${version}`,
    })),
    ...named.map(({ id, name }) => ({ value: id, label: `“${name}”` })),
  ]
  const sideOf = (value: string): Side =>
    value === "draft" ? value : (NamedVersionId.safeParse(value).data ?? Number(value))
  return (
    <div className="flex min-h-12 shrink-0 items-center gap-2 border-b bg-surface px-3">
      <Select
        aria-label="From"
        className="w-44 truncate max-md:min-w-0 max-md:flex-1"
        value={`${from}`}
        options={options}
        onChange={(value) => onChoose({ from: sideOf(value), to })}
      />
      <ArrowRight aria-hidden className="size-4 shrink-0 text-muted" />
      <Select
        aria-label="To"
        className="w-44 truncate max-md:min-w-0 max-md:flex-1"
        value={`${to}`}
        options={options}
        onChange={(value) => onChoose({ from, to: sideOf(value) })}
      />
      <IconButton label="Change sides" onClick={() => onChoose({ from: to, to: from })}>
        <ArrowLeftRight />
      </IconButton>
    </div>
  )
}

const Waiting = () => (
  <Loading what="the comparison" className="flex min-h-0 flex-1 flex-col gap-4 p-4">
    <Skeleton className="h-8 w-1/2" />
    <Skeleton className="h-64" />
  </Loading>
)

const ToEditor = ({ flowId }: { flowId: string }) => (
  <Button asChild tone="primary">
    <Link to="/flows/$flowId" params={{ flowId }}>
      Open the editor
    </Link>
  </Button>
)

const NothingPublished = ({ flowId }: { flowId: string }) => (
  <EmptyState
    icon={History}
    title="Nothing published yet"
    className="my-auto"
    action={<ToEditor flowId={flowId} />}
  >
    There is only the draft. Publish it to freeze version 1; later changes can be compared with it here.
  </EmptyState>
)

function NotCompared({ flowId, error, onRetry }: { flowId: string; error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  if (!isGone) return <ErrorState error={error} onRetry={onRetry} className="my-auto" />
  const isVersion = error.code === "flow.version_not_found" || error.code === "flow.named_version_not_found"
  return (
    <EmptyState
      icon={History}
      title={isVersion ? "There is no such version" : "There is no such flow"}
      className="my-auto"
      action={
        isVersion ? (
          <ToEditor flowId={flowId} />
        ) : (
          <Button asChild tone="primary">
            <Link to="/flows">Go to flows</Link>
          </Button>
        )
      }
    >
      {isVersion
        ? "The address names a version that was never published, or is forgotten."
        : "The address may be mistyped, or the flow was deleted."}
    </EmptyState>
  )
}
