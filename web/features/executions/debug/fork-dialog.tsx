import { useState } from "react"
import type { NodeState } from "#core/execution/state"
import type { Json } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useFork, useGoTo } from "../acts.ts"
import { useWatch } from "../watch.ts"

type ForkDialogProps = { step: string; run: NodeState; onClose: () => void }

/** Asks what a step should have given instead, and starts an execution that goes on from there. */
export function ForkDialog({ step, run, onClose }: ForkDialogProps) {
  const { execution, flow } = useWatch()
  const fork = useFork(execution.id)
  const goTo = useGoTo()
  const [value, setValue] = useState<Json | undefined>(run.output)
  const [as, setAs] = useState<"text" | "json">(typeof run.output === "string" ? "text" : "json")
  const [fault, setFault] = useState<string | undefined>(undefined)
  const title = [flow.title(run.node_id, run.scope), flow.place(run.scope)].filter(Boolean).join(" · ")
  const start = () => fork.mutate({ from_step: step, data: value ?? null }, { onSuccess: goTo })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={`Fork at ${title}`}
      description="A new execution takes over everything before this step, gives this output in its place, and does what follows anew."
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" busy={fork.isPending} disabled={fault !== undefined} onClick={start}>
            Start the fork
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {fork.error && <ErrorNote error={fork.error} />}
        <Segments
          label="Write it as"
          segments={[
            { value: "text", label: "Text" },
            { value: "json", label: "JSON" },
          ]}
          value={as}
          onChange={(next) => {
            setAs(next)
            setFault(undefined)
            if (next === "text" && typeof value !== "string")
              setValue(value === undefined ? "" : JSON.stringify(value, null, 2))
          }}
        />
        {as === "text" ? (
          <Field label="Output">
            <Textarea
              autoFocus
              rows={12}
              className="min-h-52"
              value={typeof value === "string" ? value : ""}
              onChange={(event) => setValue(event.target.value)}
            />
          </Field>
        ) : (
          <Field label="Output" error={fault} note="empty is null">
            <JsonInput
              autoFocus
              className="min-h-52"
              rows={14}
              value={value}
              onChange={setValue}
              onFault={setFault}
            />
          </Field>
        )}
      </div>
    </Dialog>
  )
}
