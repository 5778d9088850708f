import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { NodeState } from "#core/execution/state"
import type { JsonObject } from "#core/json"
import { queryKeys } from "#web/api/query-keys.ts"
import { ApprovalForm } from "#web/flow/approval-form.tsx"
import { useWatched } from "#web/flow/use-execution.ts"
import { answerApproval } from "./queries.ts"

/** What the watched execution asks of a person, to be answered where one is testing the flow. */
export function Question({ run }: { run: NodeState }) {
  const watched = useWatched()
  const queries = useQueryClient()
  const { approval } = run
  const answer = useMutation({
    mutationFn: ({ button, form }: { button: string; form: JsonObject | undefined }) =>
      answerApproval(watched?.id ?? "", approval?.approval_id ?? "", button, form),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.approvals }),
  })
  if (!watched || !approval || approval.answer) return null
  return (
    <div className="rounded-md border border-line bg-sunken p-3">
      <ApprovalForm
        approval={{
          ...approval,
          message: approval.message ?? null,
          form_schema: approval.form_schema ?? null,
          buttons: [...approval.buttons],
          due: approval.due ?? null,
        }}
        busy={answer.isPending}
        error={answer.error}
        onAnswer={(button, form) => answer.mutate({ button, form })}
      />
    </div>
  )
}
