import type { Approval } from "#core/contract/approvals"
import type { Json } from "#core/json"
import { formFields } from "#web/flow/schema-form.ts"
import { JsonView } from "#web/ui/json-view.tsx"

/** What somebody filled in beside the decision, in the order and the words of the form. */
export function FilledForm({ approval }: { approval: Pick<Approval, "form" | "form_schema"> }) {
  const form = approval.form ?? {}
  const names = Object.keys(form)
  if (names.length === 0) return null
  const fields = formFields(approval.form_schema ?? undefined) ?? []
  const titles = new Map(fields.map(({ name, title }) => [name, title]))
  const inOrder = [...titles.keys()].filter((name) => name in form)
  return (
    <dl aria-label="What was filled in" className="grid gap-3">
      {[...new Set([...inOrder, ...names])].map((name) => (
        <div key={name} className="min-w-0">
          <dt className="text-sm text-muted">{titles.get(name) ?? name}</dt>
          <dd className="prose-width break-words whitespace-pre-wrap">
            <Value value={form[name] ?? null} name={name} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value, name }: { value: Json; name: string }) {
  if (typeof value === "boolean") return value ? "Yes" : "No"
  if (typeof value === "object" && value !== null) return <JsonView value={value} label={name} />
  return value === null || value === "" ? <span className="text-muted">Nothing</span> : String(value)
}
