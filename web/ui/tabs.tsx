import { Tabs as Primitive } from "radix-ui"
import { useId, type ReactNode } from "react"
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

type Segment<Value extends string> = { value: Value; label: ReactNode }

type SegmentsProps<Value extends string> = {
  label: string
  segments: readonly Segment<Value>[]
  value: Value
  onChange: (value: Value) => void
}

/** A choice among a few, all in view: a radio group that looks like one control. */
export function Segments<Value extends string>({ label, segments, value, onChange }: SegmentsProps<Value>) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex w-fit rounded-md border border-line-strong bg-sunken p-0.5"
    >
      {segments.map((segment) => (
        <label
          key={segment.value}
          className="flex h-6 select-none items-center gap-1.5 rounded-sm px-2.5 text-sm text-muted transition-colors duration-[120ms] has-checked:bg-raised has-checked:text-ink has-checked:shadow-near has-focus-visible:outline-2 has-focus-visible:outline-focus hover:text-ink pointer-coarse:h-9 pointer-coarse:px-4"
        >
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
            className="sr-only"
          />
          {segment.label}
        </label>
      ))}
    </div>
  )
}
