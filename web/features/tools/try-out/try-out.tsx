import { useMutation, useQueryClient } from "@tanstack/react-query"
import { FlaskConical, Play } from "lucide-react"
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react"
import type { Tool } from "#core/contract/tools"
import type { ExecutionId, ToolId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { exampleInputs } from "#web/flow/schema-form.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { useLiveExecution } from "#web/flow/use-live-execution.ts"
import { keepCall, lastCall } from "#web/state/last-inputs.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useFaultFocus } from "#web/ui/use-fault-focus.ts"
import { ArgumentFields } from "./argument-fields.tsx"
import { CallProgress } from "./call-progress.tsx"
import { Obstacles } from "./obstacles.tsx"
import { callTool, sampleOf } from "./queries.ts"
import { useArguments, type Arguments } from "./use-arguments.ts"

type TryOutProps = {
  /** The tool as it is saved: this is what is called. */
  tool: Tool
  /** The page holds changes that are not saved. */
  isDirty: boolean
}

/** Calls the saved tool by hand, and shows what it prints as it is written, what it asks, and what comes of it. */
export function TryOut({ tool, isDirty }: TryOutProps) {
  const [called, setCalled] = useState<string | null>(() => lastCall(tool.id))
  const live = useLiveExecution(called)
  const isUnderWay = useLive(live, (one) => !one.isSettled && one.link !== "failed") ?? false
  useFreshHistory(tool.id, live)
  const onCalled = (id: ExecutionId) => {
    keepCall(tool.id, id)
    setCalled(id)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <CallForm tool={tool} isDirty={isDirty} isUnderWay={isUnderWay} onCalled={onCalled} />
      {live ? (
        <CallProgress key={live.id} live={live} />
      ) : (
        <EmptyState icon={FlaskConical} title="Not called yet">
          What it prints, what it answers, and the files that it leaves appear here as they come.
        </EmptyState>
      )}
    </div>
  )
}

type CallFormProps = TryOutProps & { isUnderWay: boolean; onCalled: (id: ExecutionId) => void }

function CallForm({ tool, isDirty, isUnderWay, onCalled }: CallFormProps) {
  const mayStart = useCan("execution.start")
  const given = useArguments(tool.id, tool.input_schema)
  const form = useRef<HTMLFormElement>(null)
  const [refusal, setRefusal] = useState<unknown>(null)
  const showFaults = useFaultFocus(form)
  const start = useMutation({
    mutationFn: (input: JsonObject) => callTool(tool.id, input),
    onSuccess: ({ execution_id }) => onCalled(execution_id),
    onError: (error) => {
      if (given.refuse(error)) showFaults()
      else setRefusal(error)
    },
  })
  const run = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (!mayStart || isUnderWay || start.isPending) return
    setRefusal(null)
    const input = given.take()
    if (input) start.mutate(input)
    else showFaults()
  }
  return (
    // Ctrl+Enter works from every field of it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      ref={form}
      noValidate
      aria-label="Try it out"
      onSubmit={run}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) run(event)
      }}
      className="flex shrink-0 flex-col gap-4 border-b border-line bg-surface p-4"
    >
      <Heading tool={tool} given={given} />
      <Obstacles tool={tool} />
      <fieldset disabled={!mayStart} className="flex min-w-0 flex-col gap-4">
        <legend className="sr-only">Arguments</legend>
        <ArgumentFields key={given.mode} schema={tool.input_schema} of={given} />
      </fieldset>
      {refusal !== null && <ErrorNote error={refusal} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          tone="primary"
          size="sm"
          type="submit"
          busy={start.isPending}
          disabled={!mayStart || isUnderWay}
        >
          <Play aria-hidden />
          Run
        </Button>
        <Kbd keys="mod+enter" className="max-md:hidden" />
        <WhatIsCalled tool={tool} isDirty={isDirty} mayStart={mayStart} />
      </div>
    </form>
  )
}

/** A call that has ended is in the history within moments. */
function useFreshHistory(id: ToolId, live: LiveExecution | null): void {
  const queries = useQueryClient()
  const isSettled = useLive(live, (one) => one.isSettled) ?? false
  useEffect(() => {
    if (!isSettled) return undefined
    const timer = setTimeout(
      () => void queries.invalidateQueries({ queryKey: queryKeys.toolInvocations(id) }),
      2_200,
    )
    return () => clearTimeout(timer)
  }, [isSettled, id, queries])
}

/** How the arguments are given, and an example of them. */
function Heading({ tool, given }: { tool: Tool; given: Arguments }) {
  const mayRead = useCan("agent.read")
  const fill = useMutation({
    mutationFn: async () => exampleInputs(tool.input_schema) ?? (await sampleOf(tool.id)),
    onSuccess: (sample) => given.change({ ...given.values, ...sample }),
    onError: (error) => toast.failed(error, "There is no example"),
  })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <h2 className="text-sm font-medium">Try it out</h2>
      <span className="ml-auto flex items-center gap-2">
        {mayRead && (
          <Button size="xs" tone="ghost" busy={fill.isPending} onClick={() => fill.mutate()}>
            Fill in an example
          </Button>
        )}
        {given.hasForm && (
          <Segments
            label="How the arguments are given"
            value={given.mode}
            onChange={given.setMode}
            segments={[
              { value: "form", label: "Form" },
              { value: "json", label: "JSON" },
            ]}
          />
        )}
      </span>
    </div>
  )
}

type WhatIsCalledProps = TryOutProps & { mayStart: boolean }

const WhatIsCalled = ({ tool, isDirty, mayStart }: WhatIsCalledProps) => (
  <p className="min-w-0 flex-1 text-right text-sm text-muted">
    {!mayStart ? (
      "Your role may not call tools."
    ) : isDirty ? (
      <span className="text-waiting">
        Calls version {tool.version} as it is saved, without your changes. Save them to try them.
      </span>
    ) : (
      <>
        Version {tool.version}
        {tool.needs_approval && ", and asks a person first"}
      </>
    )}
  </p>
)
