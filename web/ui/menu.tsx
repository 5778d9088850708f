import { Check, type LucideIcon } from "lucide-react"
import { ContextMenu as ContextPrimitive, DropdownMenu as DropdownPrimitive } from "radix-ui"
import type { ReactNode } from "react"
import { cn } from "./cn.ts"
import { Kbd } from "./kbd.tsx"

type MenuAct = {
  label: ReactNode
  icon?: LucideIcon
  /** The shortcut that does the same. */
  keys?: string
  note?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** For choices: whether this one holds. */
  checked?: boolean
  onSelect: () => void
}

/** A menu is data: acts, dividers, and headings that are plain words. */
export type MenuEntry = MenuAct | "divider" | { heading: ReactNode }

const panel =
  "z-50 max-h-[min(24rem,var(--radix-popper-available-height,24rem))] min-w-48 max-w-80 overflow-y-auto rounded-md bg-raised p-1 shadow-float outline-none data-[state=open]:animate-pop-in data-[state=closed]:animate-vanish"
const item =
  "relative flex h-7 cursor-default select-none items-center gap-2 rounded-sm px-2 text-base outline-none data-[disabled]:text-muted data-[disabled]:opacity-60 data-[highlighted]:bg-hover pointer-coarse:h-10"

type Parts = Pick<typeof DropdownPrimitive, "Item" | "Separator" | "Label" | "CheckboxItem">

function Entries({ entries, parts }: { entries: readonly MenuEntry[]; parts: Parts }) {
  return entries.map((entry, index) => {
    if (entry === "divider")
      return <parts.Separator key={`divider-${index}`} className="-mx-1 my-1 border-t" />
    if ("heading" in entry) {
      return (
        <parts.Label key={`heading-${index}`} className="truncate px-2 pt-1 pb-0.5 text-sm text-muted">
          {entry.heading}
        </parts.Label>
      )
    }
    return <Act key={typeof entry.label === "string" ? entry.label : index} act={entry} parts={parts} />
  })
}

function Act({ act, parts }: { act: MenuAct; parts: Parts }) {
  const Icon = act.icon
  const content = (
    <>
      {Icon && <Icon aria-hidden className={cn("text-muted", act.danger && "text-failed")} />}
      <span className="min-w-0 flex-1 truncate">{act.label}</span>
      {act.note && <span className="text-sm text-muted">{act.note}</span>}
      {act.keys && <Kbd keys={act.keys} />}
      {act.checked !== undefined && (
        <Check aria-hidden className={cn("text-accent-ink", !act.checked && "invisible")} />
      )}
    </>
  )
  const look = cn(item, act.danger && "text-failed")
  const shared = { className: look, disabled: act.disabled ?? false, onSelect: act.onSelect }
  if (act.checked !== undefined) {
    return (
      <parts.CheckboxItem {...shared} checked={act.checked}>
        {content}
      </parts.CheckboxItem>
    )
  }
  return <parts.Item {...shared}>{content}</parts.Item>
}

type MenuProps = {
  entries: readonly MenuEntry[]
  /** The button that opens it. */
  children: ReactNode
  align?: "start" | "center" | "end"
  side?: "top" | "right" | "bottom" | "left"
  className?: string
  /** Stands above the entries, such as who is signed in. */
  top?: ReactNode
}

/** A menu under a button. Not modal: that would lock scrolling by a `<style>` element, which our policy refuses. */
export function Menu({ entries, children, align = "start", side = "bottom", className, top }: MenuProps) {
  return (
    <DropdownPrimitive.Root modal={false}>
      <DropdownPrimitive.Trigger asChild>{children}</DropdownPrimitive.Trigger>
      <DropdownPrimitive.Portal>
        <DropdownPrimitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(panel, className)}
        >
          {top}
          <Entries entries={entries} parts={DropdownPrimitive} />
        </DropdownPrimitive.Content>
      </DropdownPrimitive.Portal>
    </DropdownPrimitive.Root>
  )
}

/** An element, and where it was when its menu opened. */
export type Anchor = { element: HTMLElement; box: DOMRect }

type AnchoredMenuProps = { anchor: Anchor; entries: readonly MenuEntry[]; onClose: () => void }

/** A menu at an element that is not its own trigger: one for all the rows of a list. */
export function AnchoredMenu({ anchor: { element, box }, entries, onClose }: AnchoredMenuProps) {
  const { left, top, width, height } = box
  return (
    <DropdownPrimitive.Root modal={false} open onOpenChange={(open) => !open && onClose()}>
      <DropdownPrimitive.Trigger asChild>
        <span
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </DropdownPrimitive.Trigger>
      <DropdownPrimitive.Portal>
        <DropdownPrimitive.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={panel}
          onInteractOutside={(event) => {
            // A press on the element itself is its own to handle.
            if (event.target instanceof Node && element.contains(event.target)) event.preventDefault()
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            element.focus()
          }}
        >
          <Entries entries={entries} parts={DropdownPrimitive} />
        </DropdownPrimitive.Content>
      </DropdownPrimitive.Portal>
    </DropdownPrimitive.Root>
  )
}

type ContextMenuProps = {
  entries: readonly MenuEntry[]
  onOpenChange?: (open: boolean) => void
  /** The area that is clicked with the other button, or pressed for long. */
  children: ReactNode
}

export function ContextMenu({ entries, onOpenChange, children }: ContextMenuProps) {
  return (
    <ContextPrimitive.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <ContextPrimitive.Trigger asChild>{children}</ContextPrimitive.Trigger>
      <ContextPrimitive.Portal>
        <ContextPrimitive.Content
          collisionPadding={8}
          className={cn(panel, entries.length === 0 && "hidden")}
        >
          <Entries entries={entries} parts={ContextPrimitive} />
        </ContextPrimitive.Content>
      </ContextPrimitive.Portal>
    </ContextPrimitive.Root>
  )
}
