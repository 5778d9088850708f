import type { ReactNode } from "react"
import type { Json } from "#core/json"
import { OutputView } from "#web/flow/artifacts.tsx"
import { StreamedText } from "#web/flow/step-output.tsx"

/** The body of a tab. What is in it scrolls by itself, or the pane does. */
export const Pane = ({ children }: { children: ReactNode }) => (
  <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-3">{children}</div>
)

/** A settled value: text to read, anything else to look through. */
export const Value = ({ value, label }: { value: Json; label: string }) => (
  <Pane>
    {typeof value === "string" ? (
      <StreamedText text={value} streaming={false} fill label={label} />
    ) : (
      <OutputView value={value} label={label} />
    )}
  </Pane>
)
