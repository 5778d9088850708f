import { Pin, PinOff } from "lucide-react"
import { useState } from "react"
import type { FlowNode } from "#core/flow/graph"
import type { Json } from "#core/json"
import { useNodeRun } from "#web/flow/use-execution.ts"
import { useAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { pinsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { Section } from "./section.tsx"

/** Pins and unpins a node's output. */
export function usePin(id: string) {
  const [pins, setPins] = useAtom(pinsAtom)
  return {
    value: Object.hasOwn(pins, id) ? pins[id] : undefined,
    pin: (value: Json) => setPins({ ...pins, [id]: value }),
    unpin: () => {
      const { [id]: _gone, ...others } = pins
      setPins(others)
    },
  }
}

/** An output that is given to a node instead of worked out, while the draft is executed from here. */
export function PinSection({ node }: { node: FlowNode }) {
  const { mayEdit, mayStart } = useEditor()
  const { value, pin, unpin } = usePin(node.id)
  const run = useNodeRun(node.id)
  if (!mayEdit || !mayStart || node.type === "input") return null
  return (
    <Section title="Pinned output" startsOpen={value !== undefined}>
      {value === undefined ? (
        <>
          <p className="text-sm text-muted">
            A pinned step is not executed when you run the draft: it gives what you pin. Published versions
            are left alone.
          </p>
          <div className="flex flex-wrap gap-2">
            {run?.output !== undefined && (
              <Button size="sm" onClick={() => pin(run.output!)}>
                <Pin aria-hidden />
                Pin the last output
              </Button>
            )}
            <Button size="sm" onClick={() => pin({})}>
              <Pin aria-hidden />
              Pin your own
            </Button>
          </div>
        </>
      ) : (
        <PinnedValue value={value} onChange={pin} onUnpin={unpin} />
      )}
    </Section>
  )
}

type PinnedValueProps = { value: Json; onChange: (value: Json) => void; onUnpin: () => void }

/** What is pinned; while the field is empty, what was there stays pinned. */
function PinnedValue({ value, onChange, onUnpin }: PinnedValueProps) {
  const [written, setWritten] = useState<Json | undefined>(value)
  const [fault, setFault] = useState<string | undefined>()
  return (
    <Field
      label="Output"
      error={fault ?? (written === undefined ? "Write a value, or unpin." : undefined)}
      help="JSON. Kept in this tab, and sent when you run the draft."
      action={
        <Button tone="ghost" size="sm" className="-my-1 h-6 px-1.5 text-sm" onClick={onUnpin}>
          <PinOff aria-hidden />
          Unpin
        </Button>
      }
    >
      <JsonInput
        rows={6}
        value={written}
        onFault={setFault}
        onChange={(next) => {
          setWritten(next)
          if (next !== undefined) onChange(next)
        }}
      />
    </Field>
  )
}
