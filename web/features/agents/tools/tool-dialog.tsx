import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { Tool } from "#core/contract/tools"
import type { Json, JsonObject } from "#core/json"
import { HttpToolConfig } from "#core/tool/config"
import { HttpTool, Risk } from "#core/tool/tool"
import { PairsInput } from "#web/agent/tools/pairs-input.tsx"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { credentialChoicesQuery } from "#web/api/choices.ts"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm, type FormState } from "#web/ui/use-form.ts"
import { ArgumentsInput } from "./arguments-input.tsx"
import { useToolActs, type HttpToolRow } from "./queries.ts"

type ToolValues = {
  name: string
  description: string
  input_schema: JsonObject
  risk: Risk
  needs_approval: boolean
  method: HttpToolConfig["method"]
  url: string
  headers: Record<string, string>
  query: Record<string, string>
  body: Json | undefined
  credential_id: string
  may_repeat: boolean
}

const valuesOf = (tool: HttpToolRow | null): ToolValues => ({
  name: tool?.name ?? "",
  description: tool?.description ?? "",
  input_schema: tool?.input_schema ?? { type: "object", properties: {} },
  risk: tool?.risk ?? "read",
  needs_approval: tool?.needs_approval ?? false,
  method: tool?.execution_config.method ?? "GET",
  url: tool?.execution_config.url ?? "",
  headers: tool?.execution_config.headers ?? {},
  query: tool?.execution_config.query ?? {},
  body: tool?.execution_config.body,
  credential_id: tool?.execution_config.credential_id ?? "",
  may_repeat: tool?.execution_config.may_repeat ?? false,
})

const carries = (method: ToolValues["method"]) => method !== "GET"

function bodyOf(values: ToolValues, tool: HttpToolRow | null): unknown {
  const { method, url, headers, query, body, credential_id, may_repeat, ...rest } = values
  const timeout_ms = tool?.execution_config.timeout_ms
  return {
    ...rest,
    // What this form does not show stays as it is.
    ...(tool?.output_schema ? { output_schema: tool.output_schema } : {}),
    ...(tool?.credentials ? { credentials: tool.credentials } : {}),
    kind: "http",
    execution_config: {
      method,
      url: url.trim(),
      headers,
      query,
      ...(carries(method) && body !== undefined ? { body } : {}),
      ...(credential_id ? { credential_id } : {}),
      ...(carries(method) && may_repeat ? { may_repeat } : {}),
      ...(timeout_ms === undefined ? {} : { timeout_ms }),
    },
  }
}

/** `execution_config.headers.X` is the field headers, `input_schema.properties` the field input_schema. */
const fieldOf = (path: string): string => path.replace(/^execution_config\./, "").split(".")[0] ?? path

type ToolDialogProps = { tool: HttpToolRow | null; onClose: () => void; onMade?: (tool: Tool) => void }

/** Makes or changes a tool that is one HTTP request. */
export default function ToolDialog({ tool, onClose, onMade }: ToolDialogProps) {
  const { create, update } = useToolActs()
  const form = useForm({
    initial: valuesOf(tool),
    toBody: (values) => bodyOf(values, tool),
    schema: HttpTool,
    fieldOf,
    fieldOfCode: { "conflict.duplicate": "name" },
    submit: async (body) => {
      if (tool) await update.mutateAsync({ tool, body })
      else {
        const made = await create.mutateAsync(body)
        onMade?.(made.tool)
      }
      onClose()
    },
  })
  return (
    <FormDialog
      form={form}
      act={tool ? "Save changes" : "Create tool"}
      onClose={onClose}
      size="lg"
      title={tool ? tool.name : "New HTTP tool"}
      description="One request that an agent may make. Its secret is added on the way out, and no model sees it."
    >
      <Meaning form={form} />
      <Request form={form} />
      <Care form={form} />
    </FormDialog>
  )
}

type Parts = { form: FormState<ToolValues> }

const Meaning = ({ form: { values, errors, set } }: Parts) => (
  <>
    <Field
      label="Name"
      error={errors["name"]}
      help="What a model calls it: small letters, digits and _, such as find_order."
    >
      <Input
        autoFocus
        spellCheck={false}
        maxLength={63}
        className="font-mono text-sm"
        value={values.name}
        onChange={({ target }) => set({ name: target.value })}
      />
    </Field>
    <Field
      label="Description"
      error={errors["description"]}
      help="What it does and when to use it. This is all that a model knows of it."
    >
      <Textarea
        rows={2}
        value={values.description}
        onChange={({ target }) => set({ description: target.value })}
      />
    </Field>
    <ArgumentsInput
      value={values.input_schema}
      error={errors["input_schema"]}
      onChange={(input_schema) => set({ input_schema })}
    />
  </>
)

const methods = HttpToolConfig.shape.method.unwrap().options

function Request({ form: { values, errors, set } }: Parts) {
  const [typing, setTyping] = useState<string | undefined>()
  const credentials = useQuery(credentialChoicesQuery).data?.credentials
  const isGone =
    values.credential_id !== "" && credentials && !credentials.some(({ id }) => id === values.credential_id)
  return (
    <>
      <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2">
        <Field label="Method" error={errors["method"]}>
          <Select
            value={values.method}
            options={methods.map((method) => ({ value: method, label: method }))}
            onChange={(method) => set({ method: methods.find((one) => one === method) ?? "GET" })}
          />
        </Field>
        <Field
          label="Address"
          error={errors["url"]}
          help="Arguments stand in it as {{ input.name }}, written for an address by themselves."
        >
          <Input
            spellCheck={false}
            inputMode="url"
            className="font-mono text-sm"
            placeholder="https://api.example.com/orders/{{ input.id }}"
            value={values.url}
            onChange={({ target }) => set({ url: target.value })}
          />
        </Field>
      </div>
      <Field
        label="Credential"
        error={errors["credential_id"]}
        help="Sent to its allowed hosts only. Credentials are kept under Settings."
      >
        <Select
          value={values.credential_id}
          onChange={(credential_id) => set({ credential_id })}
          options={[
            { value: "", label: "None" },
            ...(credentials ?? []).map(({ id, name, is_active }) => ({
              value: id,
              label: is_active ? name : `${name} (turned off)`,
            })),
            ...(isGone ? [{ value: values.credential_id, label: "A credential that is gone" }] : []),
          ]}
        />
      </Field>
      <FieldSet legend="Query" error={errors["query"]}>
        <PairsInput one="parameter" value={values.query} onChange={(query) => set({ query })} />
      </FieldSet>
      <FieldSet legend="Headers" error={errors["headers"]}>
        <PairsInput one="header" value={values.headers} onChange={(headers) => set({ headers })} />
      </FieldSet>
      {carries(values.method) && (
        <Field
          label="Body"
          note="optional"
          error={typing ?? errors["body"]}
          help="JSON. A text that is one expression alone keeps its type."
        >
          <JsonInput
            rows={4}
            value={values.body}
            placeholder={'{ "id": "{{ input.id }}" }'}
            onFault={setTyping}
            onChange={(body) => set({ body })}
          />
        </Field>
      )}
    </>
  )
}

const Care = ({ form: { values, errors, set } }: Parts) => (
  <>
    <Field label="Risk" error={errors["risk"]} help={risks[values.risk].help}>
      <Select
        value={values.risk}
        options={Risk.options.map((risk) => ({ value: risk, label: risks[risk].word }))}
        onChange={(risk) => set({ risk: Risk.parse(risk) })}
      />
    </Field>
    <SwitchLine
      label="Ask a person first"
      help="Before every call somebody sees its arguments and accepts or refuses it."
      checked={values.needs_approval}
      onCheckedChange={(needs_approval) => set({ needs_approval })}
    />
    {carries(values.method) && (
      <SwitchLine
        label="May be repeated"
        help="If the server stops in the middle of the call, the same request is sent again. Otherwise a person is asked."
        checked={values.may_repeat}
        onCheckedChange={(may_repeat) => set({ may_repeat })}
      />
    )}
  </>
)
