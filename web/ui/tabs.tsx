import { Tabs as Primitive } from "radix-ui"
import type { ReactNode } from "react"
import { cn } from "./cn.ts"

export type Tab = { value: string; label: ReactNode; count?: number; panel: ReactNode }

type TabsProps = {
  label: string
  tabs: readonly Tab[]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  className?: string
  panelClassName?: string
}

export function Tabs({ label, tabs, value, defaultValue, onChange, className, panelClassName }: TabsProps) {
  const state = value === undefined ? { defaultValue: defaultValue ?? tabs[0]?.value ?? "" } : { value }
  return (
    <Primitive.Root
      {...state}
      {...(onChange ? { onValueChange: onChange } : {})}
      className={cn("flex min-h-0 flex-col", className)}
    >
      <Primitive.List aria-label={label} className="flex shrink-0 gap-1 overflow-x-auto border-b px-3">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="focus-ring-inset relative flex h-9 items-center gap-1.5 whitespace-nowrap rounded-sm px-2 text-muted transition-colors duration-[120ms] after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full hover:text-ink data-[state=active]:text-ink data-[state=active]:after:bg-accent pointer-coarse:h-11"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="tabular text-sm text-muted">{tab.count.toLocaleString("en")}</span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content
          key={tab.value}
          value={tab.value}
          className={cn("focus-ring-inset min-h-0 flex-1", panelClassName)}
        >
          {tab.panel}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  )
}
