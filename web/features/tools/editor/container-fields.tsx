import { ContainerToolConfig } from "#core/tool/config"
import { FormSection } from "#web/agent/form-section.tsx"
import { PairsInput } from "#web/agent/tools/pairs-input.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { runtimeWords } from "../kinds.ts"
import { HostsInput } from "./hosts-input.tsx"
import { MayRepeat } from "./http-fields.tsx"
import { Limit, limitGrid } from "./limits.tsx"
import type { ConfigParts } from "./parts.ts"
import { ProgramSource } from "./program-source.tsx"

const runtimes = ContainerToolConfig.shape.runtime.options

/** A program in the sandbox: its text, what it may reach, and what it may use up. */
export function ContainerFields(parts: ConfigParts<"container">) {
  const { config, set, faultOf, faultAt, disabled } = parts
  return (
    <>
      <FormSection
        title="Program"
        help="It reads one JSON object on standard input, and prints one as its last line. What else it prints is its log."
      >
        <Field label="Runs with" error={faultOf("runtime")} className="max-w-72">
          <Select
            disabled={disabled}
            value={config.runtime}
            options={runtimes.map((value) => ({ value, label: runtimeWords[value] }))}
            onChange={(runtime) => set({ runtime: runtimes.find((one) => one === runtime) ?? "python" })}
          />
        </Field>
        <ProgramSource {...parts} />
      </FormSection>
      <FormSection
        title="Reach"
        help="It has no network but the hosts that are named here, and no environment but this."
      >
        <HostsInput
          value={config.egress}
          onChange={(egress) => set({ egress })}
          faultOf={(at) => faultOf(`egress.${at}`)}
          disabled={disabled}
        />
        <FieldSet legend="Environment" error={faultAt("env")}>
          <PairsInput
            one="variable"
            value={config.env}
            faultOf={(name) => faultOf(`env.${name}`)}
            disabled={disabled}
            onChange={(env) => set({ env })}
          />
        </FieldSet>
      </FormSection>
      <ContainerLimits {...parts} />
    </>
  )
}

const ContainerLimits = ({ config, set, faultOf, disabled }: ConfigParts<"container">) => (
  <FormSection title="Limits" help="A call that passes one is ended, with all that it has begun.">
    <div className={limitGrid}>
      <Limit
        label="Time"
        unit="seconds"
        value={config.timeout_seconds}
        onChange={(timeout_seconds) => set({ timeout_seconds: timeout_seconds ?? 30 })}
        error={faultOf("timeout_seconds")}
        disabled={disabled}
      />
      <Limit
        label="Processor"
        unit="seconds"
        value={config.cpu_limit}
        onChange={(cpu_limit) => set({ cpu_limit })}
        error={faultOf("cpu_limit")}
        disabled={disabled}
      />
      <Limit
        label="Memory"
        unit="MB"
        integer
        value={config.memory_limit}
        onChange={(memory_limit) => set({ memory_limit })}
        error={faultOf("memory_limit")}
        disabled={disabled}
      />
      <Limit
        label="Output"
        unit="kB"
        scale={1_024}
        value={config.output_limit}
        onChange={(output_limit) => set({ output_limit })}
        error={faultOf("output_limit")}
        disabled={disabled}
      />
    </div>
    <MayRepeat carries value={config.may_repeat} set={set} disabled={disabled} />
  </FormSection>
)
