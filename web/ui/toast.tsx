import { CircleAlert, CircleCheck } from "lucide-react"
import { toast as raise, Toaster as SonnerToaster } from "sonner"
import { sayError } from "./error-state.tsx"

/** Toasts are for what the eye would miss: something done elsewhere, something that failed, and a way back. */
export const toast = {
  done(message: string, undo?: { label?: string; onClick: () => void }) {
    raise(message, {
      icon: <CircleCheck className="text-succeeded" />,
      ...(undo ? { action: { label: undo.label ?? "Undo", onClick: undo.onClick }, duration: 8000 } : {}),
    })
  },
  failed(error: unknown, message?: string) {
    const { title, detail, requestId } = sayError(error)
    raise(message ?? (title === "This did not work" ? detail : title), {
      icon: <CircleAlert className="text-failed" />,
      description:
        [message || title !== "This did not work" ? detail : "", requestId ?? ""]
          .filter(Boolean)
          .join(" · ") || undefined,
      duration: 10_000,
    })
  },
}

export const Toaster = () => (
  <SonnerToaster
    position="bottom-right"
    offset={16}
    mobileOffset={{ bottom: "calc(4rem + env(safe-area-inset-bottom))" }}
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          "flex w-[22rem] max-w-[calc(100vw-2rem)] items-start gap-2.5 rounded-lg bg-raised px-3.5 py-3 text-base text-ink shadow-float font-sans",
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
