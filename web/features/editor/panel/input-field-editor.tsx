import { ChevronRight, Trash2 } from "lucide-react"
import { useState } from "react"
import type { Json } from "#core/json"
import { Badge } from "#web/ui/badge.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { inputTypes, nameFault, type InputField, type InputType } from "../model/input-fields.ts"
import { JsonInput } from "#web/ui/json-input.tsx"

const typeWords: Record<InputType, string> = {
  string: "Text",
  number: "Number",
  integer: "Whole number",
  boolean: "Yes or no",
  array: "List",
  object: "Object",
}

type InputFieldEditorProps = {
  field: InputField
  /** The names of the other fields. */
  others: readonly string[]
  open: boolean
  onToggle: () => void
  onChange: (field: InputField) => void
  onRemove: () => void
  readOnly: boolean
}

/** One field of the input builder: a line that opens. */
export function InputFieldEditor({
  field,
  others,
  open,
  onToggle,
  onChange,
  onRemove,
  readOnly,
}: InputFieldEditorProps) {
  return (
    <div className={cn("-mx-1 rounded-md px-1", open && "bg-sunken pb-3")}>
      <div className="flex h-8 items-center gap-1 pointer-coarse:h-11">
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="focus-ring flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-sm text-left hover:bg-hover"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-3.5 text-muted transition-transform duration-[120ms]", open && "rotate-90")}
          />
          <span className="truncate font-mono text-sm">{field.name || "unnamed"}</span>
          <span className="truncate text-sm text-muted">{typeWords[field.type]}</span>
          {field.required && <Badge className="ml-auto">required</Badge>}
        </button>
        {!readOnly && (
          <IconButton label={`Remove ${field.name}`} size="sm" onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {open && <Details field={field} others={others} onChange={onChange} readOnly={readOnly} />}
    </div>
  )
}

type DetailsProps = Pick<InputFieldEditorProps, "field" | "others" | "onChange" | "readOnly">

function Details({ field, others, onChange, readOnly }: DetailsProps) {
  const [name, setName] = useState(field.name)
  const fault = nameFault(name, others)
  return (
    <div className="flex flex-col gap-3 px-2 pt-1">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Name" error={fault}>
          <Input
            value={name}
            readOnly={readOnly}
            spellCheck={false}
            className="font-mono text-sm"
            onChange={(event) => {
              setName(event.target.value)
              // A name that cannot be used is not written into the schema, where it would hide another field.
              if (nameFault(event.target.value, others) === undefined)
                onChange({ ...field, name: event.target.value })
            }}
            onBlur={() => setName(field.name)}
          />
        </Field>
        <Field label="Type">
          <Select
            value={field.type}
            disabled={readOnly}
            options={inputTypes.map((type) => ({ value: type, label: typeWords[type] }))}
            onChange={(type) =>
              onChange({
                ...field,
                type: type as InputType,
                default: undefined,
                options: [],
                long: false,
                more: {},
              })
            }
          />
        </Field>
      </div>
      <Field label="Title" note="optional">
        <Input
          value={field.title}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...field, title: event.target.value })}
        />
      </Field>
      <Field label="Description" note="optional">
        <Textarea
          rows={1}
          className="min-h-8"
          value={field.description}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...field, description: event.target.value })}
        />
      </Field>
      <TypeDetails field={field} onChange={onChange} readOnly={readOnly} />
      <CheckboxLine
        label="Required"
        checked={field.required}
        disabled={readOnly}
        onCheckedChange={(on) => onChange({ ...field, required: on })}
      />
      {Object.keys(field.more).length > 0 && (
        <p className="text-sm text-muted">
          Also checked: {Object.keys(field.more).join(", ")}. Change these under JSON Schema.
        </p>
      )}
    </div>
  )
}

function TypeDetails({ field, onChange, readOnly }: Omit<DetailsProps, "others">) {
  const [fault, setFault] = useState<string | undefined>()
  const isText = field.type === "string"
  return (
    <>
      {isText && (
        <Field
          label="Choices"
          note="optional"
          help="Allowed values, separated by commas; empty means any text."
        >
          <Input
            defaultValue={field.options.join(", ")}
            readOnly={readOnly}
            onChange={(event) =>
              onChange({
                ...field,
                options: [
                  ...new Set(
                    event.target.value
                      .split(",")
                      .map((one) => one.trim())
                      .filter(Boolean),
                  ),
                ],
              })
            }
          />
        </Field>
      )}
      {isText && field.options.length === 0 && (
        <CheckboxLine
          label="Several lines"
          checked={field.long}
          disabled={readOnly}
          onCheckedChange={(on) => onChange({ ...field, long: on })}
        />
      )}
      <Field label="Default" note="optional" error={fault}>
        {isText ? (
          <Input
            value={typeof field.default === "string" ? field.default : ""}
            readOnly={readOnly}
            onChange={(event) =>
              onChange({ ...field, default: event.target.value === "" ? undefined : event.target.value })
            }
          />
        ) : (
          <JsonInput
            rows={1}
            className="min-h-8"
            value={field.default}
            readOnly={readOnly}
            onFault={setFault}
            onChange={(value: Json | undefined) => onChange({ ...field, default: value })}
          />
        )}
      </Field>
    </>
  )
}
