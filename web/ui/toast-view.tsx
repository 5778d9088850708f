import { CircleAlert, CircleCheck } from "lucide-react"
import { useEffect, type ReactNode } from "react"
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
  )
}
