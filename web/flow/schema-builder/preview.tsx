import type { JsonObject } from "#core/json"
import { SchemaQuestions } from "../schema-questions.tsx"
import { useSchemaForm } from "../use-schema-form.ts"

/** The form that the schema becomes wherever somebody fills it in. What is entered here goes nowhere. */
export function Preview({ schema }: { schema: JsonObject }) {
  const form = useSchemaForm(schema)
  if (form.fields.length === 0) return <p className="text-muted">There is nothing to fill in.</p>
  return (
    <div
      role="group"
      aria-label="The form as it will look"
      className="flex flex-col gap-4 rounded-md border border-line bg-page p-4"
    >
      <SchemaQuestions form={form} />
    </div>
  )
}
