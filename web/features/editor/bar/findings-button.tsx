import { useReactFlow } from "@xyflow/react"
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react"
import { useState } from "react"
import type { Finding } from "#core/flow/graph"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import { Button } from "#web/ui/button.tsx"
import { Popover } from "#web/ui/popover.tsx"
import { findingsAtom, sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { focusPanel } from "../panel/focus-panel.ts"

const sayCount = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`

/** Errors first, each kind in the order in which it was found. */
const bySeverity = (findings: readonly Finding[]): Finding[] => [
  ...findings.filter((one) => one.severity === "error"),
  ...findings.filter((one) => one.severity === "warning"),
]

/** How many things are wrong; opens the list, where each leads to its place. */
export function FindingsButton() {
  const findings = useAtomValue(findingsAtom)
  const [open, setOpen] = useState(false)
  const errors = findings.filter((one) => one.severity === "error").length
  const warnings = findings.length - errors
  if (findings.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5 text-muted max-md:sr-only">
        <CircleCheck aria-hidden className="size-3.5 text-succeeded" />
        No problems
      </span>
    )
  }
  return (
    <Popover
      label="Problems"
      side="top"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-96"
      trigger={
        <Button tone="ghost" size="sm">
          {errors > 0 ? (
            <CircleAlert aria-hidden className="size-3.5 text-failed" />
          ) : (
            <TriangleAlert aria-hidden className="size-3.5 text-waiting" />
          )}
          {[errors > 0 && sayCount(errors, "error"), warnings > 0 && sayCount(warnings, "warning")]
            .filter(Boolean)
            .join(", ")}
        </Button>
      }
    >
      <FindingList findings={bySeverity(findings)} onGo={() => setOpen(false)} />
    </Popover>
  )
}

const mostShown = 200

function FindingList({ findings, onGo }: { findings: readonly Finding[]; onGo: () => void }) {
  const { commands } = useEditor()
  const setSide = useSetAtom(sideAtom)
  const flow = useReactFlow()
  const goTo = (finding: Finding) => {
    onGo()
    setSide("panel")
    if (finding.edge_id !== undefined) {
      commands.select([], [finding.edge_id])
      const edge = flow.getEdge(finding.edge_id)
      if (edge)
        void flow.fitView({ nodes: [{ id: edge.source }, { id: edge.target }], ...fitting, ...glide() })
    } else if (finding.node_id !== undefined) {
      commands.select([finding.node_id])
      void flow.fitView({ nodes: [{ id: finding.node_id }], ...fitting, ...glide() })
      focusPanel()
    } else {
      commands.clearSelection()
    }
  }
  return (
    <ul className="max-h-80 overflow-y-auto p-1">
      {findings.slice(0, mostShown).map((finding, i) => (
        // Two findings may say the same of the same thing.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i}>
          <button
            type="button"
            onClick={() => goTo(finding)}
            className="focus-ring-inset flex w-full gap-2 rounded-sm px-2 py-1.5 text-left hover:bg-hover"
          >
            {finding.severity === "error" ? (
              <CircleAlert role="img" aria-label="Error" className="mt-0.5 size-3.5 text-failed" />
            ) : (
              <TriangleAlert role="img" aria-label="Warning" className="mt-0.5 size-3.5 text-waiting" />
            )}
            <span className="min-w-0 flex-1">
              <span className="block break-words">{finding.message}</span>
              {(finding.node_id ?? finding.edge_id) && (
                <span className="block truncate font-mono text-sm text-muted">
                  {[finding.node_id ?? finding.edge_id, finding.path].filter(Boolean).join(" · ")}
                </span>
              )}
            </span>
          </button>
        </li>
      ))}
      {findings.length > mostShown && (
        <li className="px-2 py-1.5 text-muted">{sayCount(findings.length - mostShown, "more problem")}</li>
      )}
    </ul>
  )
}
