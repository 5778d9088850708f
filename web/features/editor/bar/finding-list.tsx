import { useReactFlow } from "@xyflow/react"
import { CircleAlert, TriangleAlert } from "lucide-react"
import type { Finding } from "#core/flow/graph"
import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import { useSetAtom } from "#web/state/jotai.ts"
import { sayCount } from "#web/ui/say-count.ts"
import { sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { focusPanel } from "../panel/focus-panel.ts"
import { FixButton } from "./fix-button.tsx"

const mostShown = 200

/** What is wrong, each with the way to its place, and what mends it. */
export function FindingList({ findings, onGo }: { findings: readonly Finding[]; onGo: () => void }) {
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
        <li key={i} className="flex flex-col items-start">
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
          <span className="pb-1.5 pl-7.5 empty:hidden">
            <FixButton finding={finding} />
          </span>
        </li>
      ))}
      {findings.length > mostShown && (
        <li className="px-2 py-1.5 text-muted">{sayCount(findings.length - mostShown, "more problem")}</li>
      )}
    </ul>
  )
}
