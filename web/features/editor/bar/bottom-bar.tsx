import { Link } from "@tanstack/react-router"
import { History, Play, WandSparkles, Zap } from "lucide-react"
import { FlowId } from "#core/ids"
import { useAtom, useAtomValue, useStore } from "#web/state/jotai.ts"
import { useWatched } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { publishedAtom, sideAtom } from "../atoms.ts"
import { openBuilder } from "../builder/open-builder.ts"
import { useEditor } from "../editor-context.ts"
import { FindingsButton } from "./findings-button.tsx"
import { PublishButton } from "./publish-button.tsx"
import { SaveStatus } from "./save-status.tsx"
import { WatchStatus } from "./watch-status.tsx"

/** Run at the left, the state of the draft beside it, publishing at the right. */
export function BottomBar() {
  const { flowId, mayEdit, mayStart } = useEditor()
  const [side, setSide] = useAtom(sideAtom)
  const { version } = useAtomValue(publishedAtom)
  const watched = useWatched()
  const store = useStore()
  return (
    <footer className="flex h-12 shrink-0 items-center gap-3 overflow-x-auto border-t bg-surface px-3 whitespace-nowrap">
      {mayStart && (
        <Button
          size="sm"
          aria-pressed={side === "start"}
          onClick={() => setSide(side === "start" ? "panel" : "start")}
          className="aria-pressed:bg-active"
        >
          <Play aria-hidden className="size-3.5" />
          Run
        </Button>
      )}
      {watched && <WatchStatus live={watched} />}
      <SaveStatus />
      <Button
        tone="ghost"
        size="sm"
        aria-pressed={side === "versions"}
        onClick={() => setSide(side === "versions" ? "panel" : "versions")}
        className="aria-pressed:bg-active"
      >
        <History aria-hidden className="size-3.5" />
        <span className="max-md:sr-only">
          {version === null ? "Not published" : `Version ${version} published`}
        </span>
      </Button>
      <Button asChild tone="ghost" size="sm" className="max-md:hidden">
        <Link to="/triggers" search={{ flow_id: FlowId.safeParse(flowId).data }}>
          <Zap aria-hidden className="size-3.5" />
          Triggers
        </Link>
      </Button>
      {mayEdit && (
        <Button
          tone="ghost"
          size="sm"
          aria-pressed={side === "builder"}
          onClick={() => (side === "builder" ? setSide("panel") : openBuilder(store))}
          className="aria-pressed:bg-active"
        >
          <WandSparkles aria-hidden className="size-3.5" />
          <span className="max-md:sr-only">Build in words</span>
        </Button>
      )}
      <span className="ml-auto" />
      <FindingsButton />
      {mayEdit && <PublishButton />}
    </footer>
  )
}
