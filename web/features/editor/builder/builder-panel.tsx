import { CircleStop, WandSparkles } from "lucide-react"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { sideAtom } from "../atoms.ts"
import { PanelHeading } from "../panel/panel-heading.tsx"
import { builderTurnsAtom, type BuilderTurn } from "./atoms.ts"
import { Composer } from "./composer.tsx"
import { ProposalView } from "./proposal-view.tsx"
import { Reply } from "./reply.tsx"
import { useBuilder } from "./use-builder.ts"

type Builder = ReturnType<typeof useBuilder>

/** A conversation about changes of the flow: each answer is a proposal, which a person accepts or refuses. */
export default function BuilderPanel() {
  const builder = useBuilder()
  const setSide = useSetAtom(sideAtom)
  const turns = useAtomValue(builderTurnsAtom)
  const last = turns.at(-1)
  const isBusy = last?.is === "under_way"
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-panel>
      <PanelHeading title="Build in words" onClose={() => setSide("panel")}>
        A model proposes changes. Nothing is made before you accept it.
      </PanelHeading>
      <div
        role="region"
        aria-label="Conversation"
        // What scrolls must be reachable by keyboard, also where nothing in it is (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        {turns.length === 0 ? (
          <Examples onChoose={builder.ask} />
        ) : (
          <ol aria-label="Requests" className="flex flex-col">
            {turns.map((turn) => (
              <li key={turn.id} className="flex flex-col gap-2 border-b px-3 py-3 last:border-b-0">
                <TurnView turn={turn} builder={builder} />
              </li>
            ))}
          </ol>
        )}
        <div key={`${last?.id} ${last?.is}`} ref={showEnd} />
      </div>
      <p role="status" className="sr-only">
        {last ? sayState(last) : ""}
      </p>
      <Composer isBusy={isBusy} isFollowing={turns.length > 0} onSend={builder.ask} onStop={builder.stop} />
    </div>
  )
}

/** What came last is in sight. */
const showEnd = (end: HTMLDivElement | null): void => end?.scrollIntoView?.({ block: "nearest" })

const examples = [
  "Add a model that summarises the text before the output",
  "Add an approval called Sign-off at the end",
  "Add a condition when the total is over 100 after the input",
  "Add a note saying “Ask before you change this”",
]

function Examples({ onChoose }: { onChoose: (message: string) => void }) {
  return (
    <div className="flex flex-col items-center px-4 py-8 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-muted">
        <WandSparkles aria-hidden className="size-5" />
      </span>
      <h3 className="text-md font-semibold">Say what should change</h3>
      <p className="mt-1 text-muted text-pretty">
        What you have selected is “this”. The proposal is drawn on the canvas; you accept all of it, or what
        you want.
      </p>
      <ul className="mt-5 flex w-full flex-col gap-1.5 text-left" aria-label="Examples">
        {examples.map((example) => (
          <li key={example}>
            <button
              type="button"
              onClick={() => onChoose(example)}
              className="focus-ring w-full rounded-md border border-line px-3 py-2 text-left hover:bg-hover"
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function TurnView({ turn, builder }: { turn: BuilderTurn; builder: Builder }) {
  return (
    <>
      <p className="self-end rounded-lg bg-active px-3 py-2 break-words whitespace-pre-wrap max-w-[90%]">
        {turn.message}
      </p>
      {turn.is === "under_way" && <UnderWay turn={turn} onStop={builder.stop} />}
      {turn.is === "stopped" && <p className="text-muted">Stopped. Nothing was changed.</p>}
      {turn.is === "failed" && (
        <>
          <ErrorNote error={turn.error} />
          <Button size="sm" className="self-start" onClick={() => builder.ask(turn.message)}>
            Ask again
          </Button>
        </>
      )}
      {turn.is === "proposed" && <ProposalView turn={turn} builder={builder} />}
      {turn.is === "decided" && (
        <>
          <Reply text={turn.proposal.reply} />
          {turn.proposal.operations.length > 0 && <p className="text-sm text-muted">{sayState(turn)}</p>}
        </>
      )}
    </>
  )
}

function UnderWay({ turn, onStop }: { turn: Extract<BuilderTurn, { is: "under_way" }>; onStop: () => void }) {
  return (
    <>
      <Reply text={turn.progress?.reply ?? ""} />
      <div className="flex items-center gap-2">
        <span
          aria-hidden
          className="size-2 shrink-0 animate-pulse rounded-full bg-running motion-reduce:animate-none"
        />
        <span className="min-w-0 flex-1 text-muted">{sayState(turn)}</span>
        <Button size="sm" tone="ghost" onClick={onStop}>
          <CircleStop aria-hidden className="size-3.5" />
          Stop
        </Button>
      </div>
    </>
  )
}

/** Where a request stands, in a sentence. */
function sayState(turn: BuilderTurn): string {
  switch (turn.is) {
    case "under_way": {
      const { progress } = turn
      if (progress?.is === "repairing") return "Something did not fit; the model corrects it…"
      if (!progress || progress.operations === 0) return "The model is thinking…"
      return `The model is writing: ${sayCount(progress.operations, "change")} so far…`
    }
    case "proposed":
      return `${sayCount(turn.proposal.operations.length, "change")} proposed. Look through them, then accept or refuse.`
    case "decided": {
      const all = turn.proposal.operations.length
      const made = turn.accepted.length
      if (all === 0) return turn.proposal.reply
      return made === 0 ? "Refused; nothing was changed." : `${made} of ${sayCount(all, "change")} accepted.`
    }
    case "stopped":
      return "Stopped. Nothing was changed."
    default:
      return "The model could not answer."
  }
}
