import { useState } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { JsonInput } from "#web/ui/json-input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { FlowResult } from "./flow-result.tsx"
import { InputBuilder } from "./input-builder.tsx"
import { Section } from "./section.tsx"
import { SetupAndResult } from "./setup-and-result.tsx"
import { useSchemaFault } from "./use-schema-fault.ts"
import type { JsonSchema } from "#core/flow/graph"

/** The flow itself: its settings, and what the watched execution came to. Shown while nothing is selected. */
export const FlowPanel = () => (
  <div className="flex min-h-0 flex-1 flex-col" data-panel>
    <SetupAndResult what="Flow" setup={<FlowSettings />} result={<FlowResult />} />
  </div>
)

/** What the flow is called, what it takes and gives, and its limits. */
function FlowSettings() {
  const { commands, mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  return (
    <>
      <div className="flex flex-col gap-4 p-3">
        <Field label="Name" error={draft.name.trim() === "" ? "Enter a name" : undefined}>
          <Input
            value={draft.name}
            maxLength={200}
            readOnly={!mayEdit}
            onChange={(event) => commands.setFlow({ name: event.target.value })}
          />
        </Field>
        <Field label="Description">
          <Textarea
            value={draft.description}
            maxLength={4000}
            rows={2}
            readOnly={!mayEdit}
            onChange={(event) => commands.setFlow({ description: event.target.value })}
          />
        </Field>
      </div>
      <Section title="Inputs">
        <InputBuilder />
      </Section>
      <Section title="Output" startsOpen={draft.output_schema !== undefined}>
        <OutputSchema />
      </Section>
      <Section title="Limits" startsOpen={draft.settings.timeout_seconds !== undefined}>
        <TimeLimit />
      </Section>
    </>
  )
}

const refuseSeconds = (seconds: number): string | undefined =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400
    ? undefined
    : "Use a whole number from 1 to 86,400"

function TimeLimit() {
  const { commands, mayEdit } = useEditor()
  const { settings } = useAtomValue(draftAtom)
  const [fault, setFault] = useState<string | undefined>()
  return (
    <Field
      label="Time limit"
      note="seconds"
      error={fault}
      help="An execution that lasts longer ends as timed out; an hour when empty."
    >
      <NumberInput
        integer
        value={settings.timeout_seconds}
        placeholder="3600"
        readOnly={!mayEdit}
        refuse={refuseSeconds}
        onFault={setFault}
        onChange={(seconds) =>
          commands.setFlow({ settings: seconds === undefined ? {} : { timeout_seconds: seconds } })
        }
      />
    </Field>
  )
}

function OutputSchema() {
  const { commands, mayEdit } = useEditor()
  const { output_schema } = useAtomValue(draftAtom)
  const [typing, setTyping] = useState<string | undefined>()
  const fault = useSchemaFault("output_schema")
  return (
    <Field
      label="Output schema"
      note="optional"
      error={typing ?? fault}
      help="JSON Schema. An execution whose outputs do not fit it fails instead of returning them."
    >
      <JsonInput
        value={output_schema}
        readOnly={!mayEdit}
        onFault={setTyping}
        object
        onChange={(schema) => commands.setFlow({ output_schema: schema as JsonSchema | undefined })}
      />
    </Field>
  )
}
