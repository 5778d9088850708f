import { X } from "lucide-react"
import type { ReactNode } from "react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Tabs, type Tab } from "#web/ui/tabs.tsx"
import { useWatch } from "../watch.ts"

type HeadingProps = { children: ReactNode; actions?: ReactNode }

/** What is open, what can be done with it, and the way out. */
export function Heading({ children, actions }: HeadingProps) {
  const { selection } = useWatch()
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 py-1.5">
      {children}
      <div className="ml-auto flex items-center gap-1">
        {actions}
        <IconButton label="One level out" keys="esc" size="sm" onClick={selection.leave}>
          <X />
        </IconButton>
      </div>
    </div>
  )
}

type PanelsProps = {
  label: string
  tabs: readonly (Tab | null)[]
  /** The tab that tells most. */
  usual: string
}

/** The tab of the address where it is there, else the one that tells most. */
export function Panels({ label, tabs, usual }: PanelsProps) {
  const { selection } = useWatch()
  const shown = tabs.filter((tab) => tab !== null)
  const value = shown.some((tab) => tab.value === selection.tab) ? selection.tab! : usual
  return (
    <Tabs
      label={label}
      tabs={shown}
      value={value}
      onChange={selection.show}
      className="flex-1"
      panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
    />
  )
}
