import { ChevronRight, CircleAlert, TriangleAlert } from "lucide-react"
import { useEffect, useId, useMemo, useState } from "react"
import { changeLook } from "#web/flow/change-mark.tsx"
import { useAtom, useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Checkbox } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { sayCount } from "#web/ui/say-count.ts"
import { ValueDiff } from "#web/ui/value-diff.tsx"
import { draftAtom } from "../atoms.ts"
import { reviewedAtom, shownReviewAtom, type BuilderTurn } from "./atoms.ts"
import { Reply } from "./reply.tsx"
import { reviewOf, type Review, type ReviewItem } from "./review.ts"
import type { useBuilder } from "./use-builder.ts"

type Proposed = Extract<BuilderTurn, { is: "proposed" }>

/** The proposal against the flow as it is at this moment, drawn on the canvas as long as it is looked through. */
function useReview({ proposal, refused, known }: Proposed): Review {
  const draft = useAtomValue(draftAtom)
  const show = useSetAtom(shownReviewAtom)
  const look = useSetAtom(reviewedAtom)
  const review = useMemo(
    () => reviewOf(draft, proposal.operations, refused, known),
    [draft, proposal, refused, known],
  )
  useEffect(() => {
    const { graph, marks } = review.drawn
    show({ graph, marks, count: review.included.length })
  }, [review, show])
  useEffect(
    () => () => {
      show(null)
      look(null)
    },
    [show, look],
  )
  return review
}

type ProposalViewProps = { turn: Proposed; builder: ReturnType<typeof useBuilder> }

/** A proposal, change by change, each to be accepted or left out. */
export function ProposalView({ turn, builder }: ProposalViewProps) {
  const review = useReview(turn)
  const count = review.included.length
  const possible = review.items.filter(({ is }) => is !== "invalid").length
  return (
    <>
      <Reply text={turn.proposal.reply} />
      <ol aria-label="Proposed changes" className="-mx-3 border-y">
        {review.items.map((item, i) => (
          // A proposal's changes neither move nor change.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className="border-b last:border-b-0">
            <Row item={item} i={i} onToggle={(isWanted) => builder.toggle(turn.id, i, isWanted)} />
          </li>
        ))}
      </ol>
      {review.findings.map(({ message }) => (
        <Said key={message} is="warning">
          {message}
        </Said>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" size="sm" disabled={count === 0} onClick={() => builder.accept(turn.id)}>
          {count === review.items.length
            ? `Accept all ${count}`
            : `Accept ${count} of ${review.items.length}`}
        </Button>
        <Button size="sm" onClick={() => builder.refuse(turn.id)}>
          Refuse all
        </Button>
      </div>
      <p className="text-sm text-muted">
        {possible < review.items.length &&
          `${sayCount(review.items.length - possible, "change")} cannot be made. `}
        By {turn.proposal.model || "the model"},{" "}
        {(turn.proposal.input_tokens + turn.proposal.output_tokens).toLocaleString("en")} tokens
        {turn.proposal.rounds > 1 && `, corrected ${turn.proposal.rounds === 2 ? "once" : "twice"}`}.
      </p>
    </>
  )
}

type RowProps = { item: ReviewItem; i: number; onToggle: (isWanted: boolean) => void }

function Row({ item, i, onToggle }: RowProps) {
  const [at, setAt] = useAtom(reviewedAtom)
  const [open, setOpen] = useState(false)
  const id = useId()
  const { icon: Icon, hue, word } = changeLook[item.change]
  const isLooked = at?.i === i
  const isInvalid = item.is === "invalid"
  const look = () => {
    setAt({ i, nodes: item.nodes })
    setOpen(!open)
  }
  return (
    <div className={cn("px-3 py-1.5", isLooked && "bg-active")}>
      <div className="flex items-start gap-2.5">
        <Checkbox
          className="mt-2"
          checked={item.is === "included"}
          disabled={isInvalid}
          onCheckedChange={onToggle}
          aria-label={`Accept change ${i + 1}: ${item.title}`}
          aria-describedby={item.faults.length + item.warnings.length > 0 ? `${id}-said` : undefined}
        />
        <button
          type="button"
          {...(item.fields.length > 0 ? { "aria-expanded": open } : { "aria-pressed": isLooked })}
          onClick={look}
          className="focus-ring flex min-w-0 flex-1 items-start gap-2 rounded-sm py-1 text-left"
        >
          <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", isInvalid ? "text-muted" : hue)} />
          <span className="min-w-0 flex-1">
            <span className={cn("block break-words", item.is !== "included" && "text-muted line-through")}>
              <span className="sr-only">{word}: </span>
              {item.title}
            </span>
            {item.more && <span className="block text-sm break-words text-muted">{item.more}</span>}
          </span>
          {item.fields.length > 0 && (
            <ChevronRight
              aria-hidden
              className={cn(
                "mt-0.5 size-4 shrink-0 text-muted transition-transform duration-[120ms]",
                open && "rotate-90",
              )}
            />
          )}
        </button>
      </div>
      <div id={`${id}-said`} className="flex flex-col gap-1 pl-[1.625rem]">
        {item.faults.map((fault) => (
          <Said key={fault} is="fault">
            {fault}
          </Said>
        ))}
        {item.warnings.map((warning) => (
          <Said key={warning} is="warning">
            {warning}
          </Said>
        ))}
      </div>
      {open && item.fields.length > 0 && (
        <div className="flex flex-col gap-3 py-2 pl-[1.625rem]">
          {item.fields.map(({ path, from, to }) => (
            <ValueDiff key={path} path={path} left={from} right={to} />
          ))}
        </div>
      )}
    </div>
  )
}

const looks = {
  fault: { icon: CircleAlert, hue: "text-failed" },
  warning: { icon: TriangleAlert, hue: "text-waiting" },
}

function Said({ is, children }: { is: keyof typeof looks; children: string }) {
  const { icon: Icon, hue } = looks[is]
  return (
    <p className={cn("flex items-start gap-1.5 text-sm", hue)}>
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}
