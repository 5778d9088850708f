import { ChevronRight } from "lucide-react"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { resolve, type Parameter } from "./model.ts"
import { useSchemas } from "./schema-view.tsx"
import { fieldOf } from "./trial.ts"

type ParameterFieldsProps = {
  parameters: readonly Parameter[]
  values: Record<string, string>
  onChange: (field: string, value: string) => void
}

/** What is required stands open; what is optional folds away. */
export function ParameterFields({ parameters, ...rest }: ParameterFieldsProps) {
  const required = parameters.filter((parameter) => parameter.required)
  const optional = parameters.filter((parameter) => !parameter.required)
  return (
    <>
      {required.map((parameter) => (
        <One key={fieldOf(parameter)} parameter={parameter} {...rest} />
      ))}
      {optional.length > 0 && (
        <details className="group/more">
          <summary className="focus-ring -ml-1 flex min-h-6 w-fit list-none items-center gap-1 rounded-sm pr-1.5 text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight
              aria-hidden
              className="size-3.5 transition-transform duration-[120ms] group-open/more:rotate-90"
            />
            {optional.length === 1 ? "One optional parameter" : `${optional.length} optional parameters`}
          </summary>
          <div className="mt-2 flex flex-col gap-3">
            {optional.map((parameter) => (
              <One key={fieldOf(parameter)} parameter={parameter} {...rest} />
            ))}
          </div>
        </details>
      )}
    </>
  )
}

function One({
  parameter,
  values,
  onChange,
}: Omit<ParameterFieldsProps, "parameters"> & { parameter: Parameter }) {
  const schemas = useSchemas()
  const field = fieldOf(parameter)
  const schema = parameter.schema ? resolve(parameter.schema, schemas) : {}
  const value = values[field] ?? ""
  return (
    <Field label={<span className="font-mono">{parameter.name}</span>}>
      {schema.enum ? (
        <Select
          value={value}
          onChange={(next) => onChange(field, next)}
          options={[
            { value: "", label: "Not sent" },
            ...schema.enum.map((one) => ({ value: String(one), label: String(one) })),
          ]}
        />
      ) : (
        <Input
          spellCheck={false}
          className="font-mono text-sm"
          placeholder={schema.default === undefined ? "" : JSON.stringify(schema.default)}
          value={value}
          onChange={(event) => onChange(field, event.target.value)}
        />
      )}
    </Field>
  )
}
