import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import { useState } from "react"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { toolInputFaults } from "#core/tool/inputs"
import { RiskBadge } from "#web/agent/tools/risk-badge.tsx"
import { sayToolKind } from "#web/agent/tools/say-kind.ts"
import { formFields } from "#web/flow/schema-form.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useEditor } from "../../editor-context.ts"
import { ArgumentInput } from "../fields/argument-input.tsx"
import { ExpressionInput } from "../fields/expression-input.tsx"
import { StrayInputs } from "../fields/stray-inputs.tsx"
import { ToolInput } from "../fields/tool-input.tsx"
import { useTool, type NodeTool } from "../use-tool.ts"
import type { SetupProps } from "./http-setup.tsx"

/** Which tool is called, and with what arguments. */
export function ToolSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const id = typeof node.data["tool_id"] === "string" ? node.data["tool_id"] || undefined : undefined
  const { tool, error } = useTool(id)
  return (
    <div className="flex flex-col gap-4 p-3">
      <Field
        label="Tool"
        error={
          faultAt("tool_id") ??
          (tool === null ? "This tool does not exist any more. Choose another." : undefined)
        }
        action={
          tool?.own && (
            <Link
              to="/tools/$toolId"
              params={{ toolId: tool.id }}
              className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
            >
              Open
              <ArrowUpRight aria-hidden className="size-3" />
            </Link>
          )
        }
      >
        <ToolInput
          chosen={tool}
          isChosen={id !== undefined}
          disabled={!mayEdit}
          onChoose={(next, name) => {
            commands.setField(node.id, "tool_id", next)
            // The node is called as its tool is, until somebody gives it a name of its own.
            if (!node.label || node.label === tool?.name) commands.setLabel(node.id, name)
          }}
        />
      </Field>
      {error !== null && <ErrorNote error={error} />}
      {tool && <About tool={tool} />}
      {tool && <Arguments key={tool.id} node={node} faultAt={faultAt} tool={tool} />}
      {tool === null && node.data["inputs"] !== undefined && (
        <Field label="Arguments" help="They are kept for the next tool, where it takes them.">
          <JsonInput
            value={node.data["inputs"]}
            readOnly
            onChange={() => undefined}
            onFault={() => undefined}
          />
        </Field>
      )}
    </div>
  )
}

/** What kind of tool it is, how much harm it can do, and what it says of itself. */
const About = ({ tool }: { tool: NodeTool }) => (
  <div className="-mt-2 flex flex-col gap-1.5">
    <p className="flex flex-wrap gap-1.5">
      <Badge>{sayToolKind(tool.own)}</Badge>
      <RiskBadge risk={tool.risk} />
      {tool.own?.needs_approval && <Badge tone="waiting">Asks first</Badge>}
      {tool.own && <span className="tabular self-center text-sm text-muted">version {tool.own.version}</span>}
    </p>
    <p className="line-clamp-4 text-sm whitespace-pre-line text-muted">{tool.description}</p>
    {tool.own?.needs_approval && (
      <p className="text-sm text-muted">
        A person sees the arguments and allows each call before it is made.
      </p>
    )}
  </div>
)

type ArgumentsProps = SetupProps & { tool: NodeTool }

const ways = [
  { value: "fields", label: "Fields" },
  { value: "expression", label: "One expression" },
] as const
type Way = (typeof ways)[number]["value"]

/** A field for each argument that the tool names, or one expression for all of them. */
function Arguments({ node, faultAt, tool }: ArgumentsProps) {
  const { commands, mayEdit } = useEditor()
  const inputs = node.data["inputs"]
  const way: Way = typeof inputs === "string" ? "expression" : "fields"
  const set = (value: Json) => commands.setField(node.id, "inputs", value)
  return (
    <FieldSet legend="Arguments">
      {mayEdit && (
        <div className="mb-1">
          <Segments
            label="Arguments are written as"
            segments={ways}
            value={way}
            onChange={(next) => set(next === "expression" ? "{{ input }}" : {})}
          />
        </div>
      )}
      {typeof inputs === "string" ? (
        <Field
          label="Expression"
          error={toolInputFaults(tool.input_schema, inputs)[0]?.message ?? faultAt("inputs", "within")}
          help={`It makes one object with ${namesIn(tool.input_schema)}.`}
        >
          <ExpressionInput nodeId={node.id} value={inputs} lines={3} readOnly={!mayEdit} onChange={set} />
        </Field>
      ) : (
        <ArgumentFields
          node={node}
          faultAt={faultAt}
          tool={tool}
          given={isJsonObject(inputs) ? inputs : {}}
          set={set}
        />
      )}
    </FieldSet>
  )
}

function namesIn(schema: JsonObject): string {
  const names = (formFields(schema) ?? []).map((field) => field.name)
  return names.length === 0 ? "the arguments" : names.join(", ")
}

type FieldsProps = ArgumentsProps & { given: JsonObject; set: (inputs: JsonObject) => void }

function ArgumentFields({ node, faultAt, tool, given, set }: FieldsProps) {
  const { mayEdit } = useEditor()
  const [typing, setTyping] = useState<string | undefined>()
  const [showsAll, setShowsAll] = useState(false)
  const fields = formFields(tool.input_schema)
  const faults = toolInputFaults(tool.input_schema, given)
  // What the tool is now is known here at once; what the server says may be of before.
  const faultOf = (name: string) =>
    faults.find((one) => one.path.split(".", 1)[0] === name)?.message ?? expressionFault(faultAt, name)
  if (!fields) {
    if (tool.input_schema["additionalProperties"] === false || isEmpty(tool.input_schema, given))
      return <p className="text-muted">It takes no arguments.</p>
    return (
      <Field
        label="Arguments as JSON"
        error={typing ?? faultAt("inputs", "within")}
        help="The tool names no arguments. Expressions may stand in any text."
      >
        <JsonInput
          object
          value={given}
          readOnly={!mayEdit}
          onFault={setTyping}
          onChange={(next) => set(isJsonObject(next) ? next : {})}
        />
      </Field>
    )
  }
  const strange = Object.keys(given).filter((name) => !fields.some((field) => field.name === name))
  // A tool of an API may take dozens: those that are needed, given or few are in sight.
  const isFew = fields.length <= mostFields
  const shown = fields.filter((one) => isFew || showsAll || one.required || given[one.name] !== undefined)
  const put = (name: string, value: Json | undefined) => set(withArgument(given, name, value))
  return (
    <div className="flex flex-col gap-3">
      {shown.map((field) => (
        <ArgumentInput
          key={field.name}
          nodeId={node.id}
          field={field}
          value={given[field.name]}
          fault={faultOf(field.name)}
          readOnly={!mayEdit}
          onChange={(value) => put(field.name, value)}
        />
      ))}
      {shown.length < fields.length && (
        <Button tone="ghost" size="sm" className="self-start" onClick={() => setShowsAll(true)}>
          {`Show ${fields.length - shown.length} more arguments`}
        </Button>
      )}
      <StrayInputs
        says="The tool names no argument"
        names={strange}
        onRemove={mayEdit ? (name) => put(name, undefined) : null}
      />
    </div>
  )
}

const mostFields = 8

/** What is wrong with an expression in an argument; the rest of the server's word is worked out here. */
const expressionFault = (faultAt: SetupProps["faultAt"], name: string): string | undefined =>
  faultAt(`inputs.${name}`, "within")

const isEmpty = (schema: JsonObject, given: JsonObject): boolean =>
  Object.keys(given).length === 0 && isJsonObject(schema["properties"])

function withArgument(inputs: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _was, ...others } = inputs
  return value === undefined ? others : { ...inputs, [name]: value }
}
