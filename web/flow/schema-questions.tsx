import { SchemaQuestion } from "./schema-question.tsx"
import type { SchemaForm } from "./use-schema-form.ts"

/** All the questions of a schema, each with its fault beside it. */
export const SchemaQuestions = ({ form }: { form: SchemaForm }) => (
  <>
    {form.fields.map((field) => (
      <SchemaQuestion
        key={field.name}
        field={field}
        value={form.values[field.name]}
        fault={form.faultOf(field.name)}
        onChange={(value) => form.set(field.name, value)}
        onTypingFault={form.onTypingFault}
      />
    ))}
    {form.wholeFault !== undefined && (
      <p role="alert" className="text-sm text-failed">
        {form.wholeFault}
      </p>
    )}
  </>
)
