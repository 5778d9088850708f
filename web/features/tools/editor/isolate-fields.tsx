import { FormSection } from "#web/agent/form-section.tsx"
import { CodeEditor } from "#web/ui/code-editor/code-editor.tsx"
import { Field } from "#web/ui/field.tsx"
import { Limit, limitGrid } from "./limits.tsx"
import type { ConfigParts } from "./parts.ts"

/** A function of JavaScript. */
export const IsolateFields = ({ config, set, faultOf, disabled }: ConfigParts<"isolate">) => (
  <FormSection
    title="Function"
    help={
      <>
        <code className="font-mono text-sm">input</code> holds the arguments; what the function returns is the
        answer. It may be async, and has no files, processes or network.
      </>
    }
  >
    <Field label="Source" error={faultOf("source")}>
      <CodeEditor
        label="Source"
        language="javascript"
        lines={10}
        readOnly={disabled}
        placeholder="export default (input, context) => ({ … })"
        value={config.source}
        onChange={(source) => set({ source })}
      />
    </Field>
    <div className={limitGrid}>
      <Limit
        label="Time"
        unit="seconds"
        scale={1_000}
        value={config.timeout_ms}
        onChange={(timeout_ms) => set({ timeout_ms })}
        error={faultOf("timeout_ms")}
        disabled={disabled}
      />
      <Limit
        label="Memory"
        unit="MB"
        integer
        value={config.memory_mb}
        onChange={(memory_mb) => set({ memory_mb })}
        error={faultOf("memory_mb")}
        disabled={disabled}
      />
    </div>
  </FormSection>
)
