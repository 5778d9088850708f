import { X } from "lucide-react"
import { AlertDialog as AlertPrimitive, Dialog as Primitive } from "radix-ui"
import { useRef, useState, type ReactNode } from "react"
import { Button, IconButton } from "./button.tsx"
import { cn } from "./cn.ts"
import { Field } from "./field.tsx"
import { Input } from "./input.tsx"

// Radix's own Overlay locks scrolling by a <style> element, which our policy refuses. Nothing behind scrolls anyway:
// the page is fixed and its panes are inert while a dialog is open.
const scrim = "fixed inset-0 z-40 bg-scrim animate-appear"
const sheet =
  "fixed z-50 flex flex-col bg-raised shadow-float outline-none max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[92dvh] max-md:rounded-t-lg max-md:data-[state=open]:animate-sheet-in max-md:data-[state=closed]:animate-sheet-out md:top-[12vh] md:left-1/2 md:max-h-[76vh] md:w-[calc(100vw-3rem)] md:-translate-x-1/2 md:rounded-lg md:data-[state=open]:animate-appear md:data-[state=closed]:animate-vanish"

const widths = { sm: "md:max-w-[26rem]", md: "md:max-w-[32rem]", lg: "md:max-w-[46rem]", xl: "md:max-w-[60rem]" }

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  size?: keyof typeof widths
  /** The acts, from left to right; the last is the one that Enter would do. */
  footer?: ReactNode
  children: ReactNode
  className?: string
  /** Off where leaving must be deliberate. */
  hasClose?: boolean
}

/** A dialog; on a phone a sheet from the bottom. */
export function Dialog({ open, onOpenChange, title, description, size = "md", footer, children, className, hasClose = true }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <div aria-hidden className={scrim} />
        <Primitive.Content
          aria-modal
          className={cn(sheet, widths[size])}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description && <Primitive.Description className="mt-0.5 text-muted">{description}</Primitive.Description>}
            </div>
            {hasClose && (
              <Primitive.Close asChild>
                <IconButton label="Close" size="sm" tooltip={false} className="-mr-1.5">
                  <X />
                </IconButton>
              </Primitive.Close>
            )}
          </header>
          <div className={cn("min-h-0 flex-1 overflow-y-auto px-5 py-3", !footer && "pb-5", className)}>{children}</div>
          {footer && (
            <footer className="flex items-center justify-end gap-2 border-t px-5 py-3 max-md:pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export type AlertDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** What is lost, and that it cannot be brought back. */
  description: ReactNode
  /** A verb and the thing: "Revoke key". */
  act: string
  onAct: () => void | Promise<void>
  /** When given, it has to be typed before the act can be done. */
  typeName?: string
}

/** Asks before an act that cannot be undone. */
export function AlertDialog({ open, onOpenChange, title, description, act, onAct, typeName }: AlertDialogProps) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState("")
  const [busy, setBusy] = useState(false)
  const ready = typeName === undefined || typed.trim() === typeName
  const change = (next: boolean) => {
    setTyped("")
    onOpenChange(next)
  }
  const perform = async () => {
    setBusy(true)
    try {
      await onAct()
      change(false)
    } finally {
      setBusy(false)
    }
  }
  return (
    <AlertPrimitive.Root open={open} onOpenChange={change}>
      <AlertPrimitive.Portal>
        <div aria-hidden className={scrim} />
        <AlertPrimitive.Content
          aria-modal
          className={cn(sheet, widths.sm)}
          onOpenAutoFocus={(event) => {
            if (!input.current) return
            event.preventDefault()
            input.current.focus()
          }}
        >
          <form
            className="flex flex-col gap-4 p-5"
            onSubmit={(event) => {
              event.preventDefault()
              if (ready) void perform()
            }}
          >
            <div>
              <AlertPrimitive.Title className="text-lg font-semibold break-words">{title}</AlertPrimitive.Title>
              <AlertPrimitive.Description asChild>
                <div className="mt-1.5 text-soft break-words">{description}</div>
              </AlertPrimitive.Description>
            </div>
            {typeName !== undefined && (
              <Field label={<>Type <span className="font-mono select-all break-all">{typeName}</span> to confirm</>}>
                <Input ref={input} value={typed} onChange={(event) => setTyped(event.target.value)} spellCheck={false} />
              </Field>
            )}
            <div className="flex justify-end gap-2">
              <AlertPrimitive.Cancel asChild>
                <Button tone="ghost">Cancel</Button>
              </AlertPrimitive.Cancel>
              <Button tone="danger" type="submit" busy={busy} disabled={!ready}>
                {act}
              </Button>
            </div>
          </form>
        </AlertPrimitive.Content>
      </AlertPrimitive.Portal>
    </AlertPrimitive.Root>
  )
}
