import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Bot } from "lucide-react"
import type { AgentDraft } from "#core/agent/agent"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { agentExamplesQuery, blankAgent, useAgentActs } from "../queries.ts"
import { BlankFace, cardLook, ExampleFace } from "./example-card.tsx"

const grid = "grid grid-cols-[repeat(auto-fill,minmax(14.5rem,1fr))] gap-3"

/** A tenant without agents: what they are for, and examples that work at once. */
export function FirstAgent({ mayEdit }: { mayEdit: boolean }) {
  const navigate = useNavigate()
  const examples = useQuery({ ...agentExamplesQuery, enabled: mayEdit })
  const { create } = useAgentActs()
  if (!mayEdit) {
    return (
      <EmptyState icon={Bot} title="No agents yet" className="my-auto">
        Somebody who may edit agents has to create the first one. Your role may only read them.
      </EmptyState>
    )
  }
  const begin = (draft: AgentDraft, task?: string) =>
    create.mutate(draft, {
      onSuccess: ({ agent }) =>
        void navigate({
          to: "/agents/$agentId",
          params: { agentId: agent.id },
          search: task === undefined ? {} : { task },
        }),
      onError: (error) => toast.failed(error),
    })
  const card = cn(cardLook, "focus-ring h-full w-full disabled:opacity-60")
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6">
      <div className="mx-auto max-w-[52rem] pt-[max(3rem,8vh)] pb-16">
        <h2 className="text-lg font-semibold">Begin with an agent that works</h2>
        <p className="prose-width mt-1 text-muted">
          An agent is given a task and works on it in turns: it thinks, calls tools, reads what they answer,
          and goes on until it is done. Choose an example, try it out, then make it yours.
        </p>
        {examples.error && <ErrorNote error={examples.error} className="mt-6" />}
        <ul className={cn(grid, "mt-6")}>
          <li>
            <button
              type="button"
              disabled={create.isPending}
              onClick={() => begin(blankAgent("Untitled agent"))}
              className={card}
            >
              <BlankFace />
            </button>
          </li>
          {examples.data?.examples.map((example) => (
            <li key={example.id}>
              <button
                type="button"
                disabled={create.isPending}
                onClick={() => begin(example.agent, example.sample_task)}
                className={card}
              >
                <ExampleFace example={example} />
              </button>
            </li>
          ))}
        </ul>
        {examples.isPending && (
          <Loading what="the examples" className={cn(grid, "mt-3")}>
            {[1, 2, 3].map((one) => (
              <Skeleton key={one} className="h-24 rounded-md" />
            ))}
          </Loading>
        )}
      </div>
    </div>
  )
}
