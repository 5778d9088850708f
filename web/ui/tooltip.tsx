import { Tooltip as Primitive } from "radix-ui"
import type { ReactNode } from "react"
import { Kbd } from "./kbd.tsx"

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Primitive.Provider delayDuration={400} skipDelayDuration={200}>
    {children}
  </Primitive.Provider>
)

type TooltipProps = {
  text: ReactNode
  keys?: string
  side?: "top" | "right" | "bottom" | "left"
  /** Focusable: a button or a link. */
  children: ReactNode
}

/** Says more about the thing under the pointer or in focus; never the only place of a fact. */
export function Tooltip({ text, keys, side = "bottom", children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-md bg-raised px-2 py-1 text-sm text-ink shadow-float data-[state=closed]:animate-vanish data-[state=delayed-open]:animate-appear"
        >
          {text}
          {keys && <Kbd keys={keys} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
