import { Users } from "lucide-react"
import type { ReplyOf } from "#core/contract/endpoint"
import type { crewsApi } from "#core/contract/crews"
import { cn } from "#web/ui/cn.ts"

export type Example = ReplyOf<typeof crewsApi.examples>["examples"][number]

export const cardLook = cn(
  "flex flex-col rounded-md border border-line-strong bg-surface p-3 text-left transition-[border-color,box-shadow] duration-[120ms] hover:border-field",
)

/** The inside of a card: what the crew is called, and what it does. */
export const CardFace = ({ name, description }: { name: string; description: string }) => (
  <>
    <span className="flex items-center gap-2">
      <span
        aria-hidden
        className="inline-flex size-5 shrink-0 items-center justify-center rounded-sm bg-kind-agent-soft text-kind-agent"
      >
        <Users className="size-3" />
      </span>
      <span className="min-w-0 truncate font-medium">{name}</span>
    </span>
    <span className="mt-1 line-clamp-3 text-sm text-muted">{description}</span>
  </>
)

export const blankFace = { name: "Blank crew", description: "Members and tasks of your own" }

/** What a run of an example begins with, as the address carries it. */
export const sampleOf = ({ sample_input }: Example) => ({ input: JSON.stringify(sample_input) })
