import { AlertDialog as Primitive } from "radix-ui"
import { useRef, useState, type ReactNode, type RefObject } from "react"
import { Button } from "./button.tsx"
import { cn } from "./cn.ts"
import { scrimLook, sheetLook, widths } from "./dialog-look.ts"
import { ErrorNote } from "./error-note.tsx"
import { Field } from "./field.tsx"
import { Input } from "./input.tsx"
import { useWayBack } from "./keep-focus.ts"

type AlertDialogProps = AlertContentProps & { open: boolean; onOpenChange: (open: boolean) => void }

/** Asks before an act that cannot be undone. */
export function AlertDialog({ open, onOpenChange, ...content }: AlertDialogProps) {
  const input = useRef<HTMLInputElement>(null)
  const goBack = useWayBack(open)
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <div aria-hidden className={scrimLook} />
        <Primitive.Content
          aria-modal
          className={cn(sheetLook, widths.sm)}
          onOpenAutoFocus={(event) => {
            if (!input.current) return
            event.preventDefault()
            input.current.focus()
          }}
          onCloseAutoFocus={goBack}
        >
          <AlertContent {...content} input={input} onDone={() => onOpenChange(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

type AlertContentProps = {
  title: ReactNode
  /** What is lost, and that it cannot be brought back. */
  description: ReactNode
  /** A verb and the thing: "Revoke key". */
  act: string
  /** What it throws is said in the dialog, which then stays. */
  onAct: () => void | Promise<void>
  /** Of what is not lost but cannot be taken back; absent is danger. */
  tone?: "primary"
  /** When given, it has to be typed before the act can be done. */
  typeName?: string
}

type Inner = AlertContentProps & { input: RefObject<HTMLInputElement | null>; onDone: () => void }

function AlertContent({ title, description, act, onAct, tone, typeName, input, onDone }: Inner) {
  const [typed, setTyped] = useState("")
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const isReady = typeName === undefined || typed.trim() === typeName.trim()
  const perform = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onAct()
      onDone()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="flex flex-col gap-4 p-5 max-md:pb-[max(1.25rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady && !busy) void perform()
      }}
    >
      <div>
        <Primitive.Title className="text-lg font-semibold break-words">{title}</Primitive.Title>
        <Primitive.Description asChild>
          <div className="mt-1.5 break-words text-soft">{description}</div>
        </Primitive.Description>
      </div>
      {typeName !== undefined && (
        <Field
          label={
            <>
              Type <span className="font-mono break-all select-all">{typeName}</span> to confirm
            </>
          }
        >
          <Input
            ref={input}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            spellCheck={false}
          />
        </Field>
      )}
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex justify-end gap-2">
        <Primitive.Cancel asChild>
          <Button tone="ghost">Cancel</Button>
        </Primitive.Cancel>
        <Button tone={tone ?? "danger"} type="submit" busy={busy} disabled={!isReady}>
          {act}
        </Button>
      </div>
    </form>
  )
}
