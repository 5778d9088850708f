import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { FlowSettings } from "#core/flow/graph"
import { useAtomValue } from "#web/state/jotai.ts"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { fieldsAtom, findingsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { DurationInput } from "./fields/duration-input.tsx"
import { ExpressionInput } from "./fields/expression-input.tsx"
import { FlowInput } from "./fields/flow-input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { reviewsQuery } from "../review/queries.ts"
import { FlowResult } from "./flow-result.tsx"
import { InputBuilder } from "./input-builder.tsx"
import { SchemaPart } from "./schema-part.tsx"
import { Section } from "./section.tsx"
import { SetupAndResult } from "./setup-and-result.tsx"
import { useSchemaFaults } from "./use-schema-faults.ts"

/** The flow itself: its settings, and what the watched execution came to. Shown while nothing is selected. */
export const FlowPanel = () => (
  <div className="flex min-h-0 flex-1 flex-col" data-panel>
    <SetupAndResult what="Flow" setup={<Setup />} result={<FlowResult />} />
  </div>
)

const limits = ["timeout_seconds", "error_flow_id", "max_concurrency"] as const

/** What the flow is called, what it takes and gives, and its limits. */
function Setup() {
  const { commands, mayEdit } = useEditor()
  const draft = useAtomValue(fieldsAtom)
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
      <Section title="Publishing" startsOpen={draft.settings.requires_review === true}>
        <Publishing />
      </Section>
      <Section
        title="Limits and failures"
        startsOpen={limits.some((name) => draft.settings[name] !== undefined)}
      >
        <Limits />
      </Section>
    </>
  )
}

/** Whether somebody else must approve the draft before it is published. */
function Publishing() {
  const { commands, mayEdit, flowId } = useEditor()
  const { settings } = useAtomValue(fieldsAtom)
  const { data } = useQuery(reviewsQuery(flowId))
  const isForAll = data?.required_by === "workspace"
  const isHeld = data?.required_by === "flow" && settings.requires_review !== true
  const { requires_review: _was, ...others } = settings
  return (
    <SwitchLine
      label="Review before publishing"
      help={
        isForAll
          ? "The workspace asks for a review of every flow."
          : isHeld
            ? "Still needed once: what is published asks for it, until a version without it is approved."
            : "Somebody else must approve the draft before it is published."
      }
      checked={isForAll || settings.requires_review === true}
      disabled={!mayEdit || isForAll}
      onCheckedChange={(on) =>
        commands.setFlow({ settings: on ? { ...others, requires_review: true } : others })
      }
    />
  )
}

/** How long an execution may take, how many there may be at once, and what is started when one fails. */
function Limits() {
  const { commands, mayEdit, flowId } = useEditor()
  const { settings } = useAtomValue(fieldsAtom)
  const [fault, setFault] = useState<string | undefined>()
  const faultAt = useSettingsFaults()
  const set = <K extends keyof Settings>(key: K, value: Settings[K] | undefined) => {
    const { [key]: _was, ...others } = settings
    commands.setFlow({ settings: value === undefined ? others : { ...others, [key]: value } })
  }
  return (
    <>
      <Field
        label="Time limit"
        note="optional"
        error={faultAt("timeout_seconds")}
        help="An execution that lasts longer ends as timed out; an hour when empty, a day at most. Waiting does not count."
      >
        <DurationInput
          value={settings.timeout_seconds}
          unitMs={1_000}
          readOnly={!mayEdit}
          onChange={(seconds) => set("timeout_seconds", seconds)}
        />
      </Field>
      <Field
        label="Error flow"
        note="optional"
        help="Started with the error when an execution of this flow fails or takes too long."
      >
        <FlowInput
          value={settings.error_flow_id}
          except={flowId}
          none="None"
          disabled={!mayEdit}
          onChange={(id) => set("error_flow_id", id)}
        />
      </Field>
      <Field
        label="At the same time"
        note="optional"
        error={fault}
        help="At most so many executions at once; the others wait their turn."
      >
        <NumberInput
          integer
          value={settings.max_concurrency}
          placeholder="No limit"
          readOnly={!mayEdit}
          refuse={refuseCount}
          onFault={setFault}
          onChange={(count) => set("max_concurrency", count)}
        />
      </Field>
      {settings.max_concurrency !== undefined && (
        <Field
          label="Counted for each"
          note="optional"
          error={faultAt("concurrency_key")}
          help="An expression over the inputs: the limit then holds for each value by itself, such as each customer."
        >
          <ExpressionInput
            nodeId={null}
            value={settings.concurrency_key ?? ""}
            placeholder="{{ input.customer }}"
            readOnly={!mayEdit}
            onChange={(key) => set("concurrency_key", key === "" ? undefined : key)}
          />
        </Field>
      )}
    </>
  )
}

type Settings = FlowDraft["settings"]

const refuseCount = (count: number): string | undefined =>
  Number.isInteger(count) && count >= 1 && count <= 1_000 ? undefined : "Use a whole number from 1 to 1,000"

/** What is wrong with a setting: by its schema as one types, or by what the validation finds. */
function useSettingsFaults(): (key: keyof Settings) => string | undefined {
  const { settings } = useAtomValue(fieldsAtom)
  const findings = useAtomValue(findingsAtom)
  const parsed = FlowSettings.safeParse(settings)
  const issues = parsed.success ? [] : parsed.error.issues
  return (key) =>
    issues.find((issue) => issue.path[0] === key)?.message ??
    findings.find((one) => one.node_id === undefined && one.path === `settings.${key}`)?.message
}

/** What the flow answers with. */
function OutputSchema() {
  const { commands, mayEdit } = useEditor()
  const { output_schema } = useAtomValue(fieldsAtom)
  return (
    <SchemaPart
      label="Output"
      schema={output_schema}
      onChange={(schema) => commands.setFlow({ output_schema: schema })}
      readOnly={!mayEdit}
      faults={useSchemaFaults("output_schema")}
      open
      preview={false}
      empty="No fields yet: any outputs are returned. With fields, an execution whose outputs do not fit fails instead."
    />
  )
}
