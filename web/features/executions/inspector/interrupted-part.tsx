import { useId, useState } from "react"
import type { NodeState } from "#core/execution/state"
import type { Json } from "#core/json"
import { useCan } from "#web/api/me.ts"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { useResolve } from "../acts.ts"
import { useWatch } from "../watch.ts"

type Way = "repeat" | "succeed" | "fail"

const ways: Record<Way, { label: string; help: string }> = {
  repeat: {
    label: "Do it again",
    help: "With the same idempotency key: a receiver that honours it does nothing twice.",
  },
  succeed: {
    label: "It has succeeded",
    help: "You have looked there and know that it was done. The execution goes on with this output:",
  },
  fail: { label: "It has failed", help: "Its error route is taken, or the execution fails." },
}

/** A step that was in flight when the server stopped and may not be repeated unasked: a person says what became of it. */
export function InterruptedPart({ step, run }: { step: string; run: NodeState }) {
  const { execution } = useWatch()
  const mayResolve = useCan("execution.start")
  const resolve = useResolve(execution.id)
  const id = useId()
  const [way, setWay] = useState<Way>("repeat")
  const [output, setOutput] = useState<Json | undefined>(undefined)
  const [fault, setFault] = useState<string | undefined>(undefined)
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <h3 className="text-md font-semibold">What became of this step?</h3>
      {run.error && <StepErrorNote error={run.error} />}
      {mayResolve ? (
        <>
          <fieldset className="flex flex-col gap-2.5">
            <legend className="sr-only">What became of it</legend>
            {(Object.keys(ways) as Way[]).map((one) => (
              <div key={one} className="flex items-start gap-2.5">
                <input
                  id={`${id}-${one}`}
                  type="radio"
                  name={`resolve ${step}`}
                  checked={way === one}
                  onChange={() => setWay(one)}
                  aria-describedby={`${id}-${one}-help`}
                  className="focus-ring mt-0.5 size-4 accent-accent"
                />
                <div>
                  <label htmlFor={`${id}-${one}`} className="block font-medium">
                    {ways[one].label}
                  </label>
                  <p id={`${id}-${one}-help`} className="text-sm text-muted">
                    {ways[one].help}
                  </p>
                </div>
              </div>
            ))}
          </fieldset>
          {way === "succeed" && (
            <Field label="Output" error={fault} note="JSON; empty is null">
              <JsonInput value={output} onChange={setOutput} onFault={setFault} rows={6} />
            </Field>
          )}
          {resolve.error && <ErrorNote error={resolve.error} />}
          <Button
            tone={way === "fail" ? "danger" : "primary"}
            className="w-fit"
            busy={resolve.isPending}
            disabled={way === "succeed" && fault !== undefined}
            onClick={() =>
              resolve.mutate({
                step,
                action: way,
                ...(way === "succeed" ? { output: output ?? null } : {}),
              })
            }
          >
            {way === "repeat" ? "Do it again" : way === "succeed" ? "Go on with this output" : "Let it fail"}
          </Button>
        </>
      ) : (
        <p className="text-muted">Somebody who may start executions has to say so.</p>
      )}
    </div>
  )
}
