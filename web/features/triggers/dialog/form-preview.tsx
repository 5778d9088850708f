import { useQuery } from "@tanstack/react-query"
import { FlowId } from "#core/ids"
import type { JsonSchema } from "#core/flow/graph"
import { SchemaQuestions } from "#web/flow/schema-questions.tsx"
import { useSchemaForm } from "#web/flow/use-schema-form.ts"
import { Button } from "#web/ui/button.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { flowOfTriggerQuery } from "../queries.ts"
import type { TriggerValues } from "./values.ts"

/** The form as its visitors will have it. */
export function FormPreview({ values }: { values: TriggerValues }) {
  const flow = useQuery(flowOfTriggerQuery(FlowId.safeParse(values.flow_id).data ?? null)).data?.flow
  const schema = values.asks === "own" ? values.input_schema : flow?.input_schema
  return (
    <section aria-label="Preview" className="rounded-md border border-line bg-page p-3">
      <h3 className="text-sm font-medium text-muted">Preview</h3>
      <div inert className="mt-2 flex flex-col gap-4 rounded-md border border-line bg-surface p-4">
        <div>
          <p className="text-lg font-semibold break-words">
            {values.title || values.flow_name || "The flow's name"}
          </p>
          {values.description && <Markdown text={values.description} className="mt-1 text-soft" />}
        </div>
        <Questions key={JSON.stringify(schema)} schema={schema} />
        <Button tone="primary" className="self-start">
          {values.submit_label || "Send"}
        </Button>
      </div>
    </section>
  )
}

function Questions({ schema }: { schema: JsonSchema | undefined }) {
  const form = useSchemaForm(schema)
  if (form.fields.length === 0) {
    return <p className="text-muted">No questions: the flow names no inputs, so there is only the button.</p>
  }
  return <SchemaQuestions form={form} />
}
