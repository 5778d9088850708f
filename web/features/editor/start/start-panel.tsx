import { Pin, Play } from "lucide-react"
import { useEffect, useRef, useState, type FormEvent, type RefObject } from "react"
import { Failure } from "#core/errors"
import { isValid } from "#core/flow/finding"
import { titleIn, titleOf } from "#web/flow/node-card.tsx"
import { useAtom, useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { useFaultFocus } from "#web/ui/use-fault-focus.ts"
import { draftAtom, findingsAtom, pinsAtom, sideAtom, startUntilAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { exampleInputs, inputFaults, startingValues, withoutBlanks } from "#web/flow/schema-form.ts"
import { PanelHeading } from "../panel/panel-heading.tsx"
import { InputsForm } from "./inputs-form.tsx"
import { lastInputs } from "#web/state/last-inputs.ts"
import { DraftCost } from "../versions/draft-cost.tsx"
import { useRun } from "./use-run.ts"

/** Asks for the inputs and starts the draft as it stands. */
export function StartPanel() {
  const { flowId, mayEdit } = useEditor()
  const run = useRun()
  const [until, setUntil] = useAtom(startUntilAtom)
  const { input_schema: schema } = useAtomValue(draftAtom)
  const mayStart = isValid(useAtomValue(findingsAtom))
  const [values, setValues] = useState(() => startingValues(schema, lastInputs(flowId)))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [typing, setTyping] = useState<ReadonlyMap<string, string>>(new Map())
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useFocusFirst(form)
  const leadToFault = useFaultFocus(form)
  const example = exampleInputs(schema)

  const showFaults = (found: Record<string, string>) => {
    setFaults(found)
    leadToFault()
  }
  const start = async () => {
    const inputs = withoutBlanks(schema, values)
    const found = inputFaults(schema, inputs)
    if (Object.keys(found).length > 0 || typing.size > 0) return showFaults(found)
    setBusy(true)
    setFailure(null)
    try {
      await run(inputs, until === null ? {} : { stop_after: until })
      setUntil(null)
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
      <Heading />
      <div data-inputs className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3">
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
        {mayEdit && <PinnedNote />}
        {mayEdit && <DraftCost />}
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

/** Whoever presses Run goes on by typing, or by Enter. */
function useFocusFirst(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    form.current
      ?.querySelector<HTMLElement>(
        "[data-inputs] :is(input, textarea, select, button), footer button[type=submit]:not(:disabled)",
      )
      ?.focus()
  }, [form])
}

function Heading() {
  const { mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  const [until, setUntil] = useAtom(startUntilAtom)
  const setSide = useSetAtom(sideAtom)
  const close = () => {
    setUntil(null)
    setSide("panel")
  }
  return (
    <PanelHeading title="Run" onClose={close}>
      {until !== null
        ? `Executes the draft up to “${titleIn(draft, until)}”.`
        : mayEdit
          ? "Executes the draft as it stands."
          : "Executes the published version."}
    </PanelHeading>
  )
}

/** Says that some outputs are given, so that nobody wonders why a step does nothing. */
function PinnedNote() {
  const [pins, setPins] = useAtom(pinsAtom)
  const draft = useAtomValue(draftAtom)
  const pinned = draft.nodes.filter((node) => Object.hasOwn(pins, node.id))
  if (pinned.length === 0) return null
  return (
    <p className="flex items-start gap-2 text-sm text-soft">
      <Pin aria-hidden className="mt-0.5 size-3.5 text-accent-ink" />
      <span className="min-w-0 flex-1">
        {pinned.map(titleOf).join(", ")} {pinned.length === 1 ? "gives its" : "give their"} pinned output.
      </span>
      <Button type="button" tone="ghost" size="sm" className="-my-1" onClick={() => setPins({})}>
        Unpin all
      </Button>
    </p>
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
