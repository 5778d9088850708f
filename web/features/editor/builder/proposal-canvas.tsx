import { PencilRuler } from "lucide-react"
import { FlowView } from "#web/flow/flow-view.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { reviewedAtom, shownReviewAtom } from "./atoms.ts"

/** The flow as it would be, with everything that is proposed marked on it. It lies over the canvas, which stays as it is. */
export default function ProposalCanvas() {
  const review = useAtomValue(shownReviewAtom)
  const [at, setAt] = useAtom(reviewedAtom)
  if (!review) return null
  const shown = at?.nodes.filter((id) => review.graph.nodes.some((node) => node.id === id)) ?? []
  return (
    <section
      aria-label="Proposed changes on the canvas"
      className="absolute inset-0 z-10 bg-page max-md:bottom-[70%]"
    >
      <FlowView
        graph={review.graph}
        marks={review.marks}
        selectedId={shown[0] ?? null}
        onSelect={(id) => setAt(id === null ? null : { i: -1, nodes: [id] })}
        shown={shown.length > 0 && at!.i >= 0 ? shown : undefined}
        grows
      />
      <p className="absolute top-3 left-3 z-10 flex items-center gap-1.5 rounded-md bg-raised px-2.5 py-1.5 text-sm shadow-float">
        <PencilRuler aria-hidden className="size-3.5 text-accent" />
        {review.count === 0
          ? "Nothing of it would change the flow"
          : `${sayCount(review.count, "change")} proposed, none made yet`}
      </p>
    </section>
  )
}
