import { ChevronRight } from "lucide-react"
import { createContext, use, useState, type ReactNode } from "react"
import { cn } from "#web/ui/cn.ts"
import { Words } from "./words.tsx"
import { resolve, sayType, type Schema } from "./model.ts"

const SchemasContext = createContext<Record<string, Schema>>({})

export const SchemasProvider = ({
  schemas,
  children,
}: {
  schemas: Record<string, Schema>
  children: ReactNode
}) => <SchemasContext value={schemas}>{children}</SchemasContext>
export const useSchemas = (): Record<string, Schema> => use(SchemasContext)

/** The fields of an object as rows; what has fields of its own unfolds on demand, so that a schema may contain itself. */
export function SchemaView({ schema }: { schema: Schema }) {
  const schemas = useSchemas()
  const fields = fieldsOf(schema, schemas)
  if (fields.length === 0) return <p className="font-mono text-sm text-muted">{sayType(schema)}</p>
  return <Fields fields={fields} />
}

type FieldOf = { name: string; schema: Schema; required: boolean }

/** An object's fields; for a list those of its members; for a union those of its first object. */
function fieldsOf(schema: Schema, schemas: Record<string, Schema>): FieldOf[] {
  const one = resolve(schema, schemas)
  if (one.properties) {
    return Object.entries(one.properties).map(([name, property]) => ({
      name,
      schema: property,
      required: one.required?.includes(name) ?? false,
    }))
  }
  if (one.items) return fieldsOf(one.items, schemas)
  for (const member of one.anyOf ?? one.oneOf ?? one.allOf ?? []) {
    const fields = fieldsOf(member, schemas)
    if (fields.length > 0) return fields
  }
  return []
}

const Fields = ({ fields }: { fields: readonly FieldOf[] }) => (
  <ul className="border-t border-line">
    {fields.map((field) => (
      <Field key={field.name} field={field} />
    ))}
  </ul>
)

function Field({ field: { name, schema, required } }: { field: FieldOf }) {
  const schemas = useSchemas()
  const [isOpen, setOpen] = useState(false)
  const whole = resolve(schema, schemas)
  const inner = fieldsOf(schema, schemas)
  const limits = sayLimits(whole)
  const label = (
    <>
      <span className="font-mono text-sm font-medium">{name}</span>
      <span className="min-w-0 font-mono text-xs break-words text-muted">{sayType(schema)}</span>
      {required && <span className="text-xs text-attention">required</span>}
    </>
  )
  return (
    <li className="border-b border-line py-1.5">
      {inner.length > 0 ? (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="focus-ring -ml-4 flex max-w-full flex-wrap items-center gap-x-2 rounded-sm pr-1 text-left hover:bg-hover"
        >
          <ChevronRight
            aria-hidden
            className={cn(
              "-mr-1.5 size-3.5 text-muted transition-transform duration-[120ms]",
              isOpen && "rotate-90",
            )}
          />
          {label}
        </button>
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-2">{label}</p>
      )}
      {(whole.description || limits) && (
        <p className="prose-width text-sm text-muted">
          <Words text={[whole.description, limits].filter(Boolean).join(" · ")} />
        </p>
      )}
      {isOpen && (
        <div className="mt-1.5 ml-1 border-l border-line pl-6">
          <Fields fields={inner} />
        </div>
      )}
    </li>
  )
}

/** "3 to 40 characters", "at most 200", "default 20". */
function sayLimits(one: Schema): string {
  const range = (from: number | undefined, to: number | undefined, unit: string) => {
    if (from !== undefined && to !== undefined && to < Number.MAX_SAFE_INTEGER)
      return `${from} to ${to}${unit}`
    if (to !== undefined && to < Number.MAX_SAFE_INTEGER) return `at most ${to}${unit}`
    if (from !== undefined && from > Number.MIN_SAFE_INTEGER) return `at least ${from}${unit}`
    return ""
  }
  const isPlain = typeof one.default !== "object" && one.default !== undefined
  return [
    range(one.minLength, one.maxLength, " characters"),
    range(one.minimum, one.maximum, ""),
    isPlain ? `default ${JSON.stringify(one.default)}` : "",
  ]
    .filter(Boolean)
    .join(", ")
}
