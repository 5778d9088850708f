import { use, useState } from "react"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { JsonEditor } from "#web/ui/code-editor/json-editor.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import {
  choicesOf,
  longFormat,
  propertiesOf,
  readChoices,
  typeOf,
  unshownWords,
  withWord,
  type SchemaType,
} from "./model.ts"
import type { SchemaFieldsProps } from "./parts.ts"
import { PropertyList } from "./property-list.tsx"
import { TypeChoice } from "./type-choice.tsx"
import { SchemaUse } from "./use.ts"

/** Deeper than this nobody can follow lines in lines: there the rest is JSON. */
const mostDepth = 4

/** What is said of a value beyond its type. */
export function SchemaFields({ schema, onChange, readOnly, depth }: SchemaFieldsProps) {
  const set = (word: string, value: Json | undefined) => onChange(withWord(schema, word, value))
  const type = typeOf(schema) ?? "string"
  const isForm = use(SchemaUse).by === "people"
  const others = unshownWords(schema, isForm)
  return (
    <>
      {isForm && (
        <Field label="Title" note="optional">
          <Input
            placeholder="What the form calls it, else its name"
            value={typeof schema["title"] === "string" ? schema["title"] : ""}
            readOnly={readOnly}
            onChange={({ target }) => set("title", target.value === "" ? undefined : target.value)}
          />
        </Field>
      )}
      <Field label="Description" note="optional">
        <Textarea
          rows={1}
          className="min-h-8"
          placeholder={isForm ? "Help under the field" : "What it means, for the model"}
          value={typeof schema["description"] === "string" ? schema["description"] : ""}
          readOnly={readOnly}
          onChange={({ target }) => set("description", target.value === "" ? undefined : target.value)}
        />
      </Field>
      {(type === "string" || type === "number" || type === "integer") && (
        <Choices schema={schema} type={type} set={set} readOnly={readOnly} />
      )}
      {type === "string" && schema["enum"] === undefined && (
        <CheckboxLine
          label="Several lines"
          checked={schema["format"] === longFormat}
          disabled={readOnly || (schema["format"] !== undefined && schema["format"] !== longFormat)}
          onCheckedChange={(on) => set("format", on ? longFormat : undefined)}
        />
      )}
      {type === "array" && <Items schema={schema} onChange={onChange} readOnly={readOnly} depth={depth} />}
      {type === "object" && <Inside schema={schema} onChange={onChange} readOnly={readOnly} depth={depth} />}
      <Default type={type} value={schema["default"]} set={set} readOnly={readOnly} />
      {others.length > 0 && (
        <p className="text-sm text-muted">
          Holds as well: <span className="font-mono">{others.join(", ")}</span>. Change it under JSON.
        </p>
      )}
    </>
  )
}

type PartProps = { set: (word: string, value: Json | undefined) => void; readOnly: boolean }

function Choices({ schema, type, set, readOnly }: PartProps & { schema: JsonObject; type: SchemaType }) {
  const choices = choicesOf(schema)
  const [text, setText] = useState(() => (choices ?? []).join("\n"))
  if (choices === null) return null
  const isFaulty = readChoices(text, type) === null
  return (
    <Field
      label="Choices"
      note="optional"
      help="Allowed values, one a line; empty means any."
      error={
        isFaulty ? `Every line has to be a ${type === "integer" ? "whole number" : "number"}` : undefined
      }
    >
      <Textarea
        rows={1}
        className="min-h-8"
        spellCheck={false}
        value={text}
        readOnly={readOnly}
        onChange={({ target }) => {
          setText(target.value)
          const read = readChoices(target.value, type)
          if (read !== null) set("enum", read.length === 0 ? undefined : read)
        }}
      />
    </Field>
  )
}

function Default({ type, value, set, readOnly }: PartProps & { type: SchemaType; value: Json | undefined }) {
  const [fault, setFault] = useState<string | undefined>()
  const put = (next: Json | undefined) => set("default", next)
  return (
    <Field label="Default" note="optional" error={fault}>
      {type === "boolean" ? (
        <Select
          value={typeof value === "boolean" ? String(value) : ""}
          disabled={readOnly}
          options={[
            { value: "", label: "None" },
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onChange={(next) => put(next === "" ? undefined : next === "true")}
        />
      ) : type === "string" && (value === undefined || typeof value === "string") ? (
        <Input
          value={value ?? ""}
          readOnly={readOnly}
          onChange={({ target }) => put(target.value === "" ? undefined : target.value)}
        />
      ) : (type === "number" || type === "integer") && (value === undefined || typeof value === "number") ? (
        <NumberInput value={value} readOnly={readOnly} integer={type === "integer"} onChange={put} />
      ) : (
        <JsonInput
          rows={1}
          className="min-h-8"
          value={value}
          readOnly={readOnly}
          onFault={setFault}
          onChange={put}
        />
      )}
    </Field>
  )
}

const nested = "flex flex-col gap-3 border-l-2 border-line-strong pl-3"

/** The properties of an object in an object. */
function Inside({ schema, onChange, readOnly, depth }: SchemaFieldsProps) {
  if (depth >= mostDepth || propertiesOf(schema) === null)
    return <Written label="Schema of the object" schema={schema} onChange={onChange} readOnly={readOnly} />
  return (
    <div role="group" aria-label="Fields of the object" className={nested}>
      <PropertyList
        one="field"
        inner={SchemaFields}
        schema={schema}
        onChange={onChange}
        readOnly={readOnly}
        depth={depth + 1}
      />
    </div>
  )
}

/** What each entry of a list is. */
function Items({ schema, onChange, readOnly, depth }: SchemaFieldsProps) {
  const { items = {} } = schema
  const put = (next: Json) => onChange({ ...schema, items: next })
  return (
    <div role="group" aria-label="Each entry" className={nested}>
      <TypeChoice label="Each entry is" schema={items} readOnly={readOnly} onChange={put} />
      {depth < mostDepth && typeOf(items) !== null && isJsonObject(items) ? (
        <SchemaFields
          key={typeOf(items)}
          schema={items}
          onChange={put}
          readOnly={readOnly}
          depth={depth + 1}
        />
      ) : (
        <Written label="Schema of each entry" schema={items} onChange={put} readOnly={readOnly} />
      )}
    </div>
  )
}

type WrittenProps<S extends Json> = {
  label: string
  schema: S
  onChange: (schema: JsonObject) => void
  readOnly: boolean
}

const Written = <S extends Json>({ label, schema, onChange, readOnly }: WrittenProps<S>) => (
  <JsonEditor
    object
    label={label}
    lines={4}
    readOnly={readOnly}
    value={schema}
    onChange={(next) => onChange(isJsonObject(next) ? next : {})}
  />
)
