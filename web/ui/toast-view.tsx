import { CircleAlert, CircleCheck } from "lucide-react"
import { useEffect, useRef, type FocusEvent, type ReactNode } from "react"
import { toast as raise, Toaster } from "sonner"

export type Undo = { label?: string; onClick: () => void }

/** What is shown; the library behind it is fetched with the first one. */
export type ToastView = {
  done: (message: string, undo?: Undo) => void
  failed: (title: string, detail: string | undefined) => void
}

const view: ToastView = {
  done: (message, undo) => {
    raise(message, {
      icon: <CircleCheck className="text-succeeded" />,
      ...(undo ? { action: { label: undo.label ?? "Undo", onClick: undo.onClick }, duration: 8000 } : {}),
    })
  },
  failed: (title, detail) => {
    raise(title, { icon: <CircleAlert className="text-failed" />, description: detail, duration: 10_000 })
  },
}

/** Raised before the list is there, a toast would be lost: so it is handed out once it is. */
export default function Toasts({ onReady }: { onReady: (toasts: ToastView) => void }): ReactNode {
  useEffect(() => onReady(view), [onReady])
  return (
    <WayBack>
      <Toaster
        position="bottom-right"
        offset={16}
        mobileOffset={{ bottom: "calc(4rem + env(safe-area-inset-bottom))" }}
        toastOptions={{
          unstyled: true,
          classNames: {
            toast:
              "flex w-[22rem] max-w-[calc(100vw-2rem)] items-start gap-2.5 rounded-lg bg-raised px-3.5 py-3 font-sans text-base text-ink shadow-float",
            icon: "mt-0.5",
            content: "min-w-0 flex-1 break-words",
            title: "font-medium",
            description: "mt-0.5 text-sm text-muted",
            actionButton:
              "focus-ring -my-1 h-7 shrink-0 rounded-md border border-line-strong px-2 text-sm font-medium hover:bg-hover pointer-coarse:h-9",
          },
        }}
      />
    </WayBack>
  )
}

/**
 * Whoever is in a toast when it goes is back where they came from; whoever tabs out of it goes on. The library itself leads
 * back on both, which is a trap for the keyboard (WCAG 2.2, 2.1.2).
 */
function WayBack({ children }: { children: ReactNode }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const from = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body) return
      from.current?.focus({ preventScroll: true })
      from.current = null
    })
    if (box.current) observer.observe(box.current, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [])
  const isInside = (one: EventTarget | null): boolean => one instanceof Node && !!box.current?.contains(one)
  const enter = (event: FocusEvent): void => {
    // Not told of it, the library leads nobody back.
    event.stopPropagation()
    if (!isInside(event.relatedTarget))
      from.current = event.relatedTarget instanceof HTMLElement ? event.relatedTarget : null
  }
  // What is taken away with the focus in it says nothing: this is somebody who goes.
  const leave = (event: FocusEvent): void => {
    if (!isInside(event.relatedTarget)) from.current = null
  }
  return (
    <div ref={box} className="contents" onFocusCapture={enter} onBlurCapture={leave}>
      {children}
    </div>
  )
}
