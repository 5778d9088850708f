import { Bot } from "lucide-react"
import type { ReactNode } from "react"
import type { AgentDraft } from "#core/agent/agent"
import { cn } from "#web/ui/cn.ts"

export type Example = { id: string; agent: AgentDraft; sample_task: string }

export const cardLook = cn(
  "flex flex-col rounded-md border border-line-strong bg-surface p-3 text-left transition-[border-color,box-shadow] duration-[120ms] hover:border-field",
)

/** The inside of a card: who it is, and what it is good for. */
export const ExampleFace = ({ example: { agent } }: { example: Example }) => (
  <Face name={agent.name} words={agent.description || agent.role}>
    {agent.tool_ids.length > 0 && (
      <span className="mt-2 block truncate font-mono text-xs text-muted">
        {agent.tool_ids.map((id) => id.replace(/^builtin:/, "")).join(" · ")}
      </span>
    )}
  </Face>
)

export const BlankFace = () => <Face name="Blank agent" words="A name, and the rest is yours" />

const Face = ({ name, words, children }: { name: string; words: string; children?: ReactNode }) => (
  <>
    <span className="flex items-center gap-2">
      <span
        aria-hidden
        className="inline-flex size-5 items-center justify-center rounded-sm bg-kind-agent-soft text-kind-agent"
      >
        <Bot className="size-3" />
      </span>
      <span className="min-w-0 truncate font-medium">{name}</span>
    </span>
    <span className="mt-1 line-clamp-3 text-sm text-muted">{words}</span>
    {children}
  </>
)
