import { Play } from "lucide-react"
import { useRef, useState, type FormEvent } from "react"
import { Failure } from "#core/errors"
import { isValid } from "#core/flow/validate"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { draftAtom, findingsAtom, panelTabAtom, sideAtom, watchedIdAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { exampleInputs, inputFaults, startingValues, withoutBlanks } from "#web/flow/schema-form.ts"
import { PanelHeading } from "../panel/panel-heading.tsx"
import { startExecution } from "../queries.ts"
import { InputsForm } from "./inputs-form.tsx"
import { keepInputs, lastInputs } from "#web/state/last-inputs.ts"

/** Asks for the inputs and starts the draft as it stands. */
export function StartPanel() {
  const { flowId, autosave, mayEdit } = useEditor()
  const { input_schema: schema } = useAtomValue(draftAtom)
  const mayStart = isValid([...useAtomValue(findingsAtom)])
  const setSide = useSetAtom(sideAtom)
  const watch = useSetAtom(watchedIdAtom)
  const setTab = useSetAtom(panelTabAtom)
  const [values, setValues] = useState(() => startingValues(schema, lastInputs(flowId)))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [typing, setTyping] = useState<ReadonlyMap<string, string>>(new Map())
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const example = exampleInputs(schema)

  const showFaults = (found: Record<string, string>) => {
    setFaults(found)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus())
  }
  const start = async () => {
    const inputs = withoutBlanks(schema, values)
    const found = inputFaults(schema, inputs)
    if (Object.keys(found).length > 0 || typing.size > 0) return showFaults(found)
    setBusy(true)
    setFailure(null)
    try {
      // What is executed is what the server has, so the draft goes first.
      if (mayEdit && !(await autosave.flush()))
        throw new Error("The draft could not be saved, so it cannot be executed yet.")
      const { execution_id } = await startExecution(flowId, {
        inputs,
        config: mayEdit ? { version: "draft" } : {},
      })
      keepInputs(flowId, inputs)
      watch(execution_id)
      setTab("result")
      setSide("panel")
    } catch (error) {
      if (error instanceof Failure && error.code === "execution.inputs_invalid") showFaults(faultsOf(error))
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy && mayStart) void start()
  }
  return (
    <form ref={form} noValidate onSubmit={onSubmit} className="flex min-h-0 flex-1 flex-col" data-panel>
      <PanelHeading title="Run" onClose={() => setSide("panel")}>
        {mayEdit ? "Executes the draft as it stands." : "Executes the published version."}
      </PanelHeading>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3">
        <InputsForm
          schema={schema}
          values={values}
          faults={faults}
          onChange={(next) => {
            setValues(next)
            setFaults({})
          }}
          onTypingFault={(field, fault) => setTyping((was) => withFault(was, field, fault))}
        />
        {failure !== null && <ErrorNote error={failure} />}
      </div>
      <Footer
        mayStart={mayStart}
        busy={busy}
        onExample={
          example &&
          (() => {
            setValues({ ...values, ...example })
            setFaults({})
          })
        }
      />
    </form>
  )
}

type FooterProps = { mayStart: boolean; busy: boolean; onExample: (() => void) | undefined }

function Footer({ mayStart, busy, onExample }: FooterProps) {
  return (
    <footer className="flex items-center justify-end gap-2 border-t p-3">
      {mayStart && onExample && (
        <Button type="button" tone="ghost" className="mr-auto" onClick={onExample}>
          Fill in an example
        </Button>
      )}
      {!mayStart && <p className="mr-auto text-sm text-failed">Mend the errors first.</p>}
      <Button tone="primary" type="submit" busy={busy} disabled={!mayStart}>
        <Play aria-hidden />
        Run
      </Button>
    </footer>
  )
}

function withFault(
  was: ReadonlyMap<string, string>,
  field: string,
  fault: string | undefined,
): ReadonlyMap<string, string> {
  if (was.get(field) === fault) return was
  const next = new Map(was)
  if (fault === undefined) next.delete(field)
  else next.set(field, fault)
  return next
}

/** The server's faults lie under `inputs.`; the form's fields are named without it. */
const faultsOf = (failure: Failure): Record<string, string> =>
  Object.fromEntries(
    (failure.more.errors ?? []).map(({ path, message }) => [
      path.replace(/^inputs\.?/, "").split(".")[0] ?? "",
      message,
    ]),
  )
