import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Play } from "lucide-react"
import { TriggerKind } from "#core/contract/trigger-config"
import { triggersApi } from "#core/contract/triggers"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { toast } from "#web/ui/toast.tsx"
import { exampleDrafts } from "./example.ts"
import { triggerKinds } from "./kinds.ts"

type FirstTriggerProps = {
  /** Absent for those who may not make triggers. */
  onNew: ((kind: TriggerKind) => void) | undefined
}

/** No triggers yet: what starts a flow by itself, and one that works at once. */
export function FirstTrigger({ onNew }: FirstTriggerProps) {
  const example = useExample()
  const mayEditFlows = useCan("flow.edit")
  return (
    <div className="mx-auto max-w-[46rem] px-6 pt-[max(2.5rem,7vh)] pb-16 max-md:px-4">
      <h2 className="text-lg font-semibold">Flows that start by themselves</h2>
      <p className="prose-width mt-1 text-muted">
        A trigger starts a flow when something happens outside. Each shows whether it works and what came in
        last, and anything that came in can be delivered again.
      </p>
      <ul className="mt-6 grid gap-3 sm:grid-cols-2">
        {TriggerKind.options.map((kind) => (
          <li key={kind}>
            <KindCard kind={kind} onNew={onNew} />
          </li>
        ))}
      </ul>
      {onNew && mayEditFlows && (
        <div className="mt-6 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-5">
          <p className="min-w-0 flex-1 basis-72 text-muted">
            Never used a webhook? This makes a small flow with one, and shows the line that you paste into a
            terminal.
          </p>
          <Button busy={example.isPending} onClick={() => example.mutate()}>
            <Play aria-hidden />
            Try an example
          </Button>
        </div>
      )}
    </div>
  )
}

const card = "flex h-full w-full gap-3 rounded-md border border-line bg-surface p-4 text-left"

function KindCard({ kind, onNew }: { kind: TriggerKind } & FirstTriggerProps) {
  const { icon: Icon, label, help } = triggerKinds[kind]
  const words = (
    <>
      <Icon aria-hidden className="mt-0.5 text-muted" />
      <span className="min-w-0">
        <span className="block font-medium">{label}</span>
        <span className="mt-0.5 block text-muted text-pretty">{help}</span>
      </span>
    </>
  )
  return onNew ? (
    <button
      type="button"
      onClick={() => onNew(kind)}
      className={`${card} focus-ring hover:border-line-strong hover:bg-hover`}
    >
      {words}
    </button>
  ) : (
    <div className={card}>{words}</div>
  )
}

/** Makes a flow that says hello, and a webhook that starts it. */
function useExample() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { flow } = await call(flowsApi.create, { body: exampleDrafts.flow })
      await call(flowsApi.publish, { params: { flow_id: flow.id } })
      return call(triggersApi.create, { body: { ...exampleDrafts.trigger, flow_id: flow.id } })
    },
    onSuccess: ({ trigger }) => navigate({ to: "/triggers/$triggerId", params: { triggerId: trigger.id } }),
    onError: (error) => toast.failed(error),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.flows }),
        queries.invalidateQueries({ queryKey: queryKeys.triggers }),
      ]),
  })
}
