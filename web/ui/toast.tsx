import { lazy, Suspense, useSyncExternalStore } from "react"
import { sayError } from "./say-error.ts"
import type { default as View, ToastView, Undo } from "./toast-view.tsx"

// Without a connection there is no toast; that must not take the page down.
const NoToasts: typeof View = () => null
const Toasts = lazy(() => import("./toast-view.tsx").catch(() => ({ default: NoToasts })))

let isWanted = false
let tellWanted: () => void = () => undefined
let handOver: (view: ToastView) => void = () => undefined
const ready = new Promise<ToastView>((resolve) => {
  handOver = resolve
})

function show(act: (view: ToastView) => void): void {
  isWanted = true
  tellWanted()
  void ready.then(act)
}

/** Toasts are for what the eye would miss: something done elsewhere, something that failed, and a way back. */
export const toast = {
  done(message: string, undo?: Undo) {
    show((view) => view.done(message, undo))
  },
  failed(error: unknown, message?: string) {
    const { title, detail, requestId } = sayError(error)
    const isPlain = title === "This did not work"
    const more = [message || !isPlain ? detail : "", requestId ?? ""].filter(Boolean).join(" · ")
    show((view) => view.failed(message ?? (isPlain ? detail : title), more || undefined))
  },
}

const subscribe = (tell: () => void) => {
  tellWanted = tell
  return () => undefined
}

/** The place of the toasts; empty until the first one. */
export function Toaster() {
  const wanted = useSyncExternalStore(subscribe, () => isWanted)
  if (!wanted) return null
  return (
    <Suspense>
      <Toasts onReady={handOver} />
    </Suspense>
  )
}
