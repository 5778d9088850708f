import { ChevronRight, Trash2 } from "lucide-react"
import { use, useState } from "react"
import { isJsonObject } from "#core/json"
import { Badge } from "#web/ui/badge.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { JsonEditor } from "#web/ui/code-editor/json-editor.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { nameFault, typeOf, type Property } from "./model.ts"
import type { Inner } from "./parts.ts"
import { SchemaUse } from "./use.ts"
import { TypeChoice, typeWords } from "./type-choice.tsx"

type PropertyEditorProps = Inner & {
  property: Property
  /** The names of the other properties. */
  others: readonly string[]
  /** What is wrong in its schema. */
  fault: string | undefined
  isOpen: boolean
  onToggle: () => void
  onChange: (property: Property) => void
  onRemove: () => void
  readOnly: boolean
  depth: number
}

/** One property: a line that says what it is, and opens. */
export function PropertyEditor(props: PropertyEditorProps) {
  const { property, fault, isOpen, onToggle, onRemove, readOnly } = props
  const { name, schema, required } = property
  const type = typeOf(schema)
  const description = isJsonObject(schema) ? schema["description"] : undefined
  return (
    <div className={cn("min-w-0", isOpen && "bg-sunken pb-3")}>
      <div className="flex h-8 items-center gap-1 pr-1 pointer-coarse:h-11">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className="focus-ring-inset flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
        >
          <ChevronRight
            aria-hidden
            className={cn(
              "size-3.5 shrink-0 text-muted transition-transform duration-[120ms]",
              isOpen && "rotate-90",
            )}
          />
          <span className="truncate font-mono text-sm font-medium">{name}</span>
          <span className="shrink-0 text-sm text-muted">{type ? typeWords[type] : "JSON"}</span>
          <span className="min-w-0 flex-1 truncate text-sm text-muted max-md:invisible">
            {typeof description === "string" && !isOpen ? description : ""}
          </span>
          {required && <Badge>required</Badge>}
        </button>
        {!readOnly && (
          <IconButton label={`Remove ${name}`} size="sm" onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {fault !== undefined && (
        <p role="alert" className="px-3 pb-2 pl-8 text-sm text-failed">
          {fault}
        </p>
      )}
      {isOpen && <Details {...props} />}
    </div>
  )
}

function Details({ property, others, onChange, readOnly, depth, inner: SchemaFields }: PropertyEditorProps) {
  const { schema, required } = property
  const isPlain = typeOf(schema) !== null && isJsonObject(schema)
  return (
    <div className="flex flex-col gap-3 px-3 pt-1">
      <div className="grid grid-cols-[minmax(0,1fr)_9rem] items-start gap-3">
        <NameField property={property} others={others} onChange={onChange} readOnly={readOnly} />
        <TypeChoice
          schema={schema}
          readOnly={readOnly}
          onChange={(next) => onChange({ ...property, schema: next })}
        />
      </div>
      <CheckboxLine
        label="Required"
        checked={required}
        disabled={readOnly}
        onCheckedChange={(on) => onChange({ ...property, required: on })}
      />
      {isPlain ? (
        <SchemaFields
          key={typeOf(schema)}
          schema={schema}
          onChange={(next) => onChange({ ...property, schema: next })}
          readOnly={readOnly}
          depth={depth}
        />
      ) : (
        <JsonEditor
          label={`Schema of ${property.name}`}
          lines={4}
          readOnly={readOnly}
          value={schema}
          onChange={(next) => onChange({ ...property, schema: next ?? {} })}
        />
      )}
    </div>
  )
}

type NameFieldProps = Pick<PropertyEditorProps, "property" | "others" | "onChange" | "readOnly">

/** A name that cannot be used stays in the field only: in the schema it would hide another property. */
function NameField({ property, others, onChange, readOnly }: NameFieldProps) {
  const isPlain = use(SchemaUse).by === "people"
  const [name, setName] = useState(property.name)
  const [isTyping, setTyping] = useState(false)
  const shown = isTyping ? name : property.name
  return (
    <Field label="Name" error={nameFault(shown, others, isPlain)}>
      <Input
        value={shown}
        readOnly={readOnly}
        spellCheck={false}
        className="font-mono text-sm"
        onChange={({ target }) => {
          setName(target.value)
          setTyping(true)
          if (nameFault(target.value, others, isPlain) === undefined)
            onChange({ ...property, name: target.value })
        }}
        onBlur={() => setTyping(false)}
      />
    </Field>
  )
}
