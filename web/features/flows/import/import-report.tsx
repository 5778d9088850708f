import { KeyRound } from "lucide-react"
import { useState } from "react"
import type { Fidelity, ImportedNode, ImportReport as Report } from "#core/exchange/report"
import { kindOf } from "#core/flow/kinds"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { cn } from "#web/ui/cn.ts"
import { Segments } from "#web/ui/segments.tsx"
import { fidelityLooks, fidelityOrder } from "./words.ts"

/** What became of every part of a file, what is to be said of the whole, and which secrets are to be given. */
export function ImportReport({ report }: { report: Report }) {
  const [shown, setShown] = useState<Fidelity | "all">("all")
  const count = (fidelity: Fidelity) => report.nodes.filter((one) => one.fidelity === fidelity).length
  const there = fidelityOrder.filter((fidelity) => count(fidelity) > 0)
  const lines = report.nodes
    .filter((one) => shown === "all" || one.fidelity === shown)
    .toSorted((a, b) => fidelityOrder.indexOf(a.fidelity) - fidelityOrder.indexOf(b.fidelity))
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {report.notes.length > 0 && (
        <ul className="flex list-disc flex-col gap-1 pl-4 text-muted">
          {report.notes.map((note) => (
            <li key={note} className="prose-width">
              {note}
            </li>
          ))}
        </ul>
      )}
      {report.missing_credentials.length > 0 && <Missing report={report} />}
      <div className="-mx-1 max-w-full overflow-x-auto px-1 py-0.5">
        <Segments
          label="Show steps"
          value={shown}
          onChange={setShown}
          segments={[
            { value: "all" as const, label: <Count label="All" count={report.nodes.length} /> },
            ...there.map((fidelity) => ({
              value: fidelity,
              label: <Count label={fidelityLooks[fidelity].label} count={count(fidelity)} />,
            })),
          ]}
        />
      </div>
      <ul
        aria-label="Steps"
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="focus-ring-inset max-h-72 overflow-y-auto rounded-md border border-line"
      >
        {lines.map((one, i) => (
          <Line key={`${one.id ?? one.name} ${i}`} node={one} />
        ))}
      </ul>
    </div>
  )
}

const Count = ({ label, count }: { label: string; count: number }) => (
  <>
    {label}
    <span className="tabular text-muted">{count.toLocaleString("en")}</span>
  </>
)

function Line({ node }: { node: ImportedNode }) {
  const { icon: Icon, hue, label } = fidelityLooks[node.fidelity]
  return (
    <li className="flex gap-2.5 border-t border-line px-3 py-2 first:border-t-0">
      <Icon role="img" aria-label={label} className={cn("mt-0.5 size-4 shrink-0", hue)} />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 font-medium break-words">{node.name}</span>
          <span className="min-w-0 font-mono text-xs break-all text-muted">{node.kind}</span>
        </p>
        {node.notes.map((note) => (
          <p key={note} className="text-sm break-words text-muted">
            {note}
          </p>
        ))}
      </div>
      {node.becomes !== undefined && (
        <span className="flex h-5 shrink-0 items-center gap-1.5 text-sm text-muted">
          <KindTile type={node.becomes} size="sm" />
          <span className="max-sm:sr-only">{kindOf(node.becomes)?.title ?? node.becomes}</span>
        </span>
      )}
    </li>
  )
}

const Missing = ({ report: { missing_credentials } }: { report: Report }) => (
  <section aria-label="Credentials to give" className="rounded-md border border-line px-3 py-2">
    <h3 className="flex items-center gap-2 font-medium">
      <KeyRound aria-hidden className="size-4 text-waiting" />
      Credentials to give
      <span className="tabular font-normal text-muted">{missing_credentials.length}</span>
    </h3>
    <ul className="mt-1 flex flex-col gap-0.5 text-sm">
      {missing_credentials.map((one) => (
        <li key={`${one.kind} ${one.name}`} className="break-words">
          {one.name} <span className="text-muted">({one.kind})</span>
        </li>
      ))}
    </ul>
  </section>
)
