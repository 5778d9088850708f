import type { JsonObject } from "#core/json"
import { Risk } from "#core/tool/tool"
import { FormSection } from "#web/agent/form-section.tsx"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { faultWithin } from "#web/agent/use-draft.ts"
import { SchemaBuilder } from "#web/flow/schema-builder/schema-builder.tsx"
import { Button } from "#web/ui/button.tsx"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { toolKinds } from "../kinds.ts"
import { ContainerFields } from "./container-fields.tsx"
import { FlowFields } from "./flow-fields.tsx"
import { HttpFields } from "./http-fields.tsx"
import { IsolateFields } from "./isolate-fields.tsx"
import { McpFields, OpenApiFields } from "./imported-fields.tsx"
import { configParts, type Parts } from "./parts.ts"
import { SecretsInput } from "./secrets-input.tsx"

/** Everything that makes a tool: what a model knows of it, how it does its work, and what care it needs. */
export const ToolForm = (parts: Parts) => (
  <>
    <Meaning {...parts} />
    {/* A flow says its arguments; of everything else they are said first. */}
    {parts.draft.draft.kind === "flow" ? (
      <>
        <Work {...parts} />
        <Arguments {...parts} />
      </>
    ) : (
      <>
        <Arguments {...parts} />
        <Work {...parts} />
      </>
    )}
    <Secrets {...parts} />
    <Care {...parts} />
    <Answer {...parts} />
  </>
)

const Meaning = ({ draft: { draft, set, faults }, disabled }: Parts) => (
  <FormSection title="Tool" help={toolKinds[draft.kind].help}>
    <Field
      label="Name"
      error={faults["name"]}
      help="What a model calls it: small letters, digits and _, such as find_order."
    >
      <Input
        disabled={disabled}
        spellCheck={false}
        maxLength={63}
        className="font-mono text-sm"
        value={draft.name}
        onChange={({ target }) => set({ name: target.value })}
      />
    </Field>
    <Field
      label="Description"
      error={faults["description"]}
      help="What it does and when to use it. This is all that a model knows of it."
    >
      <Textarea
        rows={2}
        disabled={disabled}
        value={draft.description}
        onChange={({ target }) => set({ description: target.value })}
      />
    </Field>
  </FormSection>
)

const Arguments = ({ draft: { draft, set, faults }, disabled }: Parts) => (
  <FormSection
    title="Arguments"
    help="What has to be said to call it. A model, a flow or a person fills them in."
  >
    <SchemaBuilder
      label="Arguments"
      one="argument"
      value={draft.input_schema}
      onChange={(input_schema) => set({ input_schema })}
      readOnly={disabled}
      fault={faultWithin(faults, "input_schema")}
    />
  </FormSection>
)

/** How it does its work, by its kind. */
function Work(parts: Parts) {
  const { draft } = parts.draft
  switch (draft.kind) {
    case "http":
      return (
        <HttpFields {...configParts(parts, draft.kind, draft.execution_config)} schema={draft.input_schema} />
      )
    case "isolate":
      return <IsolateFields {...configParts(parts, draft.kind, draft.execution_config)} />
    case "container":
      return <ContainerFields {...configParts(parts, draft.kind, draft.execution_config)} />
    case "flow":
      return <FlowFields {...configParts(parts, draft.kind, draft.execution_config)} parts={parts} />
    case "openapi":
      return <OpenApiFields {...configParts(parts, draft.kind, draft.execution_config)} />
    case "mcp":
      return <McpFields {...configParts(parts, draft.kind, draft.execution_config)} />
    default:
      return draft satisfies never
  }
}

function Secrets({ draft: { draft, set, faults }, disabled }: Parts) {
  // Neither a function nor a flow has a place for one.
  if (draft.kind === "isolate" || draft.kind === "flow") return null
  const place = draft.kind === "container" ? "the environment" : "headers"
  return (
    <FormSection
      title="Named secrets"
      help={
        <>
          Each stands as <code className="font-mono text-sm">{"{{ credentials.name }}"}</code> in {place}, and
          is filled in outside of every model’s sight.
        </>
      }
    >
      <SecretsInput
        value={draft.credentials ?? {}}
        onChange={(credentials) =>
          set({ credentials: Object.keys(credentials).length === 0 ? undefined : credentials })
        }
        faults={faults}
        disabled={disabled}
      />
    </FormSection>
  )
}

const Care = ({ draft: { draft, set, faults }, disabled }: Parts) => (
  <FormSection title="Care">
    <Field label="Risk" error={faults["risk"]} help={risks[draft.risk].help} className="max-w-72">
      <Select
        disabled={disabled}
        value={draft.risk}
        options={Risk.options.map((risk) => ({ value: risk, label: risks[risk].word }))}
        onChange={(risk) => set({ risk: Risk.parse(risk) })}
      />
    </Field>
    <SwitchLine
      label="Ask a person first"
      help="Before every call somebody sees its arguments and accepts or refuses it."
      disabled={disabled}
      checked={draft.needs_approval}
      onCheckedChange={(needs_approval) => set({ needs_approval })}
    />
  </FormSection>
)

const anyObject: JsonObject = { type: "object", properties: {} }

function Answer({ draft: { draft, set, faults }, disabled }: Parts) {
  const { output_schema } = draft
  return (
    <FormSection
      title="Answer"
      help="What it answers. An answer that does not fit fails, and a model never sees it."
      action={
        output_schema !== undefined &&
        !disabled && (
          <Button size="sm" tone="ghost" onClick={() => set({ output_schema: undefined })}>
            Take any answer
          </Button>
        )
      }
    >
      {output_schema === undefined ? (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-muted">Any answer is taken.</p>
          {!disabled && (
            <Button size="sm" onClick={() => set({ output_schema: anyObject })}>
              Describe the answer
            </Button>
          )}
        </div>
      ) : (
        <SchemaBuilder
          label="Answer"
          one="field"
          preview={false}
          value={output_schema}
          onChange={(next) => set({ output_schema: next })}
          readOnly={disabled}
          fault={faultWithin(faults, "output_schema")}
        />
      )}
    </FormSection>
  )
}
