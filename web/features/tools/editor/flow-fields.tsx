import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import { useState } from "react"
import { flowsApi } from "#core/contract/flows"
import type { FlowId } from "#core/ids"
import { FormSection } from "#web/agent/form-section.tsx"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { Combobox } from "#web/ui/combobox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import type { ConfigParts, Parts } from "./parts.ts"

const flowSearchQuery = (search: string) =>
  queryOptions({
    queryKey: [...queryKeys.flows, "for-tools", search],
    queryFn: async ({ signal }) => {
      const query = { limit: 20, sort: "name", ...(search ? { search } : {}) }
      return (await call(flowsApi.list, { query, signal })).flows
    },
    // What was found so far can be chosen while more is looked for: Enter may come first.
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

const flowQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "as-tool"],
    queryFn: ({ signal }) => call(flowsApi.get, { params: { flow_id: id }, signal }),
    staleTime: 10_000,
  })

type FlowFieldsProps = ConfigParts<"flow"> & { parts: Parts }

/** Which flow does the work, and in which version. */
export function FlowFields({ config, set, faultOf, disabled, parts }: FlowFieldsProps) {
  const chosen: string = config.flow_id
  const loaded = useQuery({ ...flowQuery(chosen), enabled: chosen !== "" })
  const versions = loaded.data?.versions ?? []
  const isKnown = config.version === undefined || versions.some((one) => one.version === config.version)
  return (
    <FormSection title="Flow" help="The arguments are its inputs, and its outputs are the answer.">
      <Field
        label="Flow"
        error={faultOf("flow_id") && (chosen === "" ? "Choose a flow" : faultOf("flow_id"))}
        action={
          chosen !== "" && (
            <Link
              to="/flows/$flowId"
              params={{ flowId: chosen }}
              className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
            >
              Open
              <ArrowUpRight aria-hidden className="size-3" />
            </Link>
          )
        }
      >
        <FlowChoice
          chosen={
            chosen === "" ? "" : (loaded.data?.flow.name ?? (loaded.isError ? "A flow that is gone" : "…"))
          }
          disabled={disabled}
          onChoose={(flow_id) => set({ flow_id, version: undefined })}
        />
      </Field>
      {chosen !== "" && (
        <Field label="Version" error={faultOf("version")} className="max-w-72">
          <Select
            disabled={disabled}
            value={config.version === undefined ? "" : String(config.version)}
            options={[
              { value: "", label: "The published one, when it is called" },
              ...versions.map(({ version, note }) => ({
                value: String(version),
                label: note ? `${version}: ${note}` : `Version ${version}`,
              })),
              ...(isKnown ? [] : [{ value: String(config.version), label: `Version ${config.version}` }]),
            ]}
            onChange={(next) => set({ version: next === "" ? undefined : Number(next) })}
          />
        </Field>
      )}
      {loaded.data?.flow.input_schema && !disabled && (
        <TakeInputs schema={loaded.data.flow.input_schema} parts={parts} />
      )}
      {loaded.data?.flow.published_version === null && (
        <p className="text-sm text-attention">
          This flow is not published yet. The tool can be called once it is.
        </p>
      )}
    </FormSection>
  )
}

function TakeInputs({ schema, parts: { draft } }: { schema: NonNullable<ToolSchema>; parts: Parts }) {
  const isSame = JSON.stringify(draft.draft.input_schema) === JSON.stringify(schema)
  return isSame ? (
    <p className="text-sm text-muted">The arguments are the flow’s inputs.</p>
  ) : (
    <div>
      <Button size="sm" onClick={() => draft.set({ input_schema: schema })}>
        Take the flow’s inputs as arguments
      </Button>
    </div>
  )
}

type ToolSchema = Parts["draft"]["draft"]["input_schema"]

type FlowChoiceProps = { chosen: string; disabled: boolean; onChoose: (id: FlowId) => void }

/** A flow of the tenant, found by its name. What a field gives to its control goes on to the input. */
function FlowChoice({ chosen, disabled, onChoose, ...rest }: FlowChoiceProps) {
  const [typed, setTyped] = useState("")
  const found = useQuery(flowSearchQuery(useSettled(typed.trim(), 150))).data ?? []
  return (
    <Combobox
      {...rest}
      disabled={disabled}
      chosen={chosen}
      typed={typed}
      onType={setTyped}
      placeholder="Search flows"
      nothing="No flow is called that."
      options={found.map((flow) => ({
        value: flow.id,
        label: flow.name,
        note: flow.published_version === null ? "not published" : `version ${flow.published_version}`,
      }))}
      onChoose={({ value }) => {
        const flow = found.find(({ id }) => id === value)
        if (flow) onChoose(flow.id)
      }}
    />
  )
}
