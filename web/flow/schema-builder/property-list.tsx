import { Plus } from "lucide-react"
import { use, useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { addProperty, freeName, propertiesOf, putProperty, removeProperty } from "./model.ts"
import type { Inner, SchemaFieldsProps } from "./parts.ts"
import { PropertyEditor } from "./property-editor.tsx"
import { SchemaUse } from "./use.ts"

type PropertyListProps = SchemaFieldsProps &
  Inner & {
    /** What one of them is called: "argument". */
    one: string
    /** Said while there is none. */
    empty?: string | undefined
  }

/** The properties of an object, each a line that opens. */
export function PropertyList({ one, empty, schema, onChange, readOnly, depth, inner }: PropertyListProps) {
  const { by, faults } = use(SchemaUse)
  const [openAt, setOpenAt] = useState<number | null>(null)
  const properties = propertiesOf(schema) ?? []
  const add = () => {
    const name = freeName(properties, by === "people" ? "text" : "field")
    onChange(addProperty(schema, { name, schema: { type: "string" }, required: true }))
    setOpenAt(properties.length)
  }
  return (
    <div className="flex flex-col gap-2">
      {properties.length === 0 && <p className="text-muted">{empty ?? `No ${one}s yet.`}</p>}
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line-strong empty:hidden">
        {properties.map((property, i) => (
          // A property's name is what is being typed; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className="min-w-0">
            <PropertyEditor
              property={property}
              others={properties.filter((_, at) => at !== i).map(({ name }) => name)}
              fault={depth === 0 ? faults.get(property.name) : undefined}
              isOpen={openAt === i}
              onToggle={() => setOpenAt(openAt === i ? null : i)}
              onChange={(next) => onChange(putProperty(schema, property.name, next))}
              onRemove={() => {
                onChange(removeProperty(schema, property.name))
                setOpenAt(null)
              }}
              readOnly={readOnly}
              depth={depth}
              inner={inner}
            />
          </li>
        ))}
      </ul>
      {!readOnly && (
        <Button size="sm" className="self-start" onClick={add}>
          <Plus aria-hidden />
          Add {/^[aeio]/.test(one) ? "an" : "a"} {one}
        </Button>
      )}
    </div>
  )
}
