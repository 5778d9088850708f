import { useNavigate, useSearch } from "@tanstack/react-router"
import { ChevronRight, LoaderCircle } from "lucide-react"
import type { ChatMessage } from "#core/contract/chat"
import { cn } from "#web/ui/cn.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { currentStep, sayDoing, saySteps } from "../model/steps.ts"
import { useThisThread } from "./use-thread.ts"

/** What goes on right now, and afterwards what has happened, in one line; a press shows it all. */
export function StepLine({ message }: { message: ChatMessage }) {
  const { id, status, steps } = message
  const { trace } = useSearch({ from: "/shell/inside/chat" })
  const navigate = useNavigate({ from: "/chat/$chatId" })
  const { lastAnswer } = useThisThread()
  const isOpen = trace === id || (trace === "last" && id === lastAnswer)
  const now = status === "answering" || status === "waiting" ? currentStep(steps) : undefined
  const isWorking = status === "answering"
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={() =>
        void navigate({
          search: (before) => ({ ...before, trace: isOpen ? undefined : id }),
          replace: true,
          resetScroll: false,
        })
      }
      className={cn(
        "focus-ring -ml-1.5 flex max-w-full min-w-0 items-center gap-1.5 self-start rounded-md px-1.5 py-0.5 text-left text-sm text-muted hover:bg-hover hover:text-ink pointer-coarse:py-2",
        isOpen && "text-ink",
      )}
    >
      {isWorking ? (
        <LoaderCircle aria-hidden className="size-3.5 animate-spin text-running" />
      ) : (
        <ChevronRight
          aria-hidden
          className={cn("size-3.5 transition-transform duration-[120ms]", isOpen && "rotate-90")}
        />
      )}
      <span className="min-w-0 truncate">
        {now ? (
          <>
            <span className="text-soft">{now.by}</span> {sayDoing(now)}
          </>
        ) : isWorking ? (
          "Thinking"
        ) : (
          <>
            {saySteps(steps)}
            <Took message={message} />
          </>
        )}
      </span>
    </button>
  )
}

function Took({ message: { created_at: from, finished_at: until } }: { message: ChatMessage }) {
  const ms = until === null ? NaN : Date.parse(until) - Date.parse(from)
  return ms >= 0 ? <span className="tabular"> · {sayDuration(ms)}</span> : null
}
