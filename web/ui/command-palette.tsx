import { Command } from "cmdk"
import { Search, type LucideIcon } from "lucide-react"
import { Dialog as Primitive } from "radix-ui"
import { Kbd } from "./kbd.tsx"
import { useWayBack } from "./keep-focus.ts"

export type PaletteCommand = {
  id: string
  group: string
  label: string
  /** A quiet fact at the right, such as where the thing lies. */
  note?: string
  icon: LucideIcon
  keys?: string
  /** Other words that find it. */
  words?: string[]
  onSelect: () => void
}

type CommandPaletteProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  commands: readonly PaletteCommand[]
  search: string
  onSearch: (search: string) => void
}

/** Finds and does everything by name. */
export function CommandPalette({ open, onOpenChange, commands, search, onSearch }: CommandPaletteProps) {
  const goBack = useWayBack(open)
  const groups = Map.groupBy(commands, (command) => command.group)
  const choose = (command: PaletteCommand) => {
    onOpenChange(false)
    command.onSelect()
  }
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <div aria-hidden className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          aria-modal
          aria-describedby={undefined}
          onCloseAutoFocus={goBack}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-1.5rem)] max-w-[36rem] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-float outline-none data-[state=open]:animate-appear"
        >
          <Primitive.Title className="sr-only">Search and commands</Primitive.Title>
          <Command label="Commands" loop>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden className="text-muted" />
              <Command.Input
                value={search}
                onValueChange={onSearch}
                placeholder="Search or jump to…"
                className="h-12 min-w-0 flex-1 bg-transparent text-md outline-none pointer-coarse:text-lg"
              />
              <Kbd keys="esc" />
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] scroll-py-1.5 overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-muted">
                Nothing is called that.
              </Command.Empty>
              {[...groups].map(([group, members]) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:text-muted"
                >
                  {members.map((command) => (
                    <Command.Item
                      key={command.id}
                      value={command.id}
                      keywords={[command.label, ...(command.words ?? [])]}
                      onSelect={() => choose(command)}
                      className="flex h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover pointer-coarse:h-11"
                    >
                      <command.icon aria-hidden className="text-muted" />
                      <span className="min-w-0 flex-1 truncate">{command.label}</span>
                      {command.note && <span className="truncate text-sm text-muted">{command.note}</span>}
                      {command.keys && <Kbd keys={command.keys} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
