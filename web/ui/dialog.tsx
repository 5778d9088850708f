import { X } from "lucide-react"
import { Dialog as Primitive } from "radix-ui"
import type { ReactNode } from "react"
import { IconButton } from "./icon-button.tsx"
import { cn } from "./cn.ts"
import { scrimLook, sheetLook, widths } from "./dialog-look.ts"
import { useWayBack } from "./keep-focus.ts"

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
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = "md",
  footer,
  children,
  className,
  hasClose = true,
}: DialogProps) {
  const goBack = useWayBack(open)
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <div aria-hidden className={scrimLook} />
        <Primitive.Content
          aria-modal
          className={cn(sheetLook, widths[size])}
          onOpenAutoFocus={(event) => {
            // A field with autoFocus has it by now. Otherwise the dialog itself takes the focus, not its close button.
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          onCloseAutoFocus={goBack}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-0.5 text-muted">{description}</Primitive.Description>
              )}
            </div>
            {hasClose && (
              <Primitive.Close asChild>
                <IconButton label="Close" size="sm" tooltip={false} className="-mr-1.5">
                  <X />
                </IconButton>
              </Primitive.Close>
            )}
          </header>
          <div className={cn("min-h-0 flex-1 overflow-y-auto px-5 py-3", !footer && "pb-5", className)}>
            {children}
          </div>
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
