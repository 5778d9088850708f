import { ChevronsUpDown } from "lucide-react"
import { Popover as Primitive } from "radix-ui"
import { useId, useRef, useState, type ComponentProps, type KeyboardEvent } from "react"
import { cn } from "./cn.ts"
import { Input } from "./input.tsx"

export type ComboOption = { value: string; label: string; note?: string }

type ComboboxProps = Omit<ComponentProps<"input">, "value" | "onChange" | "onSelect"> & {
  /** What is chosen, as its label; empty when nothing is. */
  chosen: string
  options: readonly ComboOption[]
  /** What is typed; the options are those that fit it. */
  typed: string
  onType: (typed: string) => void
  onChoose: (option: ComboOption) => void
  /** Stands where no option fits. */
  nothing: string
}

/** A choice among many by typing a part of it. Behaves as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ says. */
export function Combobox(props: ComboboxProps) {
  const {
    chosen,
    typed,
    onType: _type,
    onChoose: _choose,
    nothing,
    className,
    options: given,
    ...others
  } = props
  const box = useRef<HTMLDivElement>(null)
  const options = bestFirst(given, typed)
  const combo = useCombo({ ...props, options })
  const { list, at, isOpen } = combo
  return (
    <Primitive.Root open={isOpen} onOpenChange={(next) => !next && combo.close()}>
      <Primitive.Anchor asChild>
        <div ref={box} className="relative">
          <Input
            {...others}
            role="combobox"
            aria-expanded={isOpen}
            aria-controls={isOpen ? list : undefined}
            aria-autocomplete="list"
            aria-activedescendant={isOpen && options[at] ? `${list}-${at}` : undefined}
            spellCheck={false}
            value={isOpen ? typed : chosen}
            placeholder={isOpen && chosen ? chosen : others.placeholder}
            onClick={combo.open}
            onChange={(event) => combo.type(event.target.value)}
            onKeyDown={combo.onKeyDown}
            onBlur={combo.close}
            className={cn("pr-8", className)}
          />
          <ChevronsUpDown
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-muted"
          />
        </div>
      </Primitive.Anchor>
      <Primitive.Portal>
        <Primitive.Content
          // Only a box: the list in it is what the input controls.
          role="presentation"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => {
            if (event.target instanceof Node && box.current?.contains(event.target)) event.preventDefault()
          }}
          className="z-50 w-(--radix-popover-trigger-width) overflow-hidden rounded-md bg-raised shadow-float outline-none"
        >
          <div id={list} role="listbox" aria-label="Choices" className="max-h-64 overflow-y-auto p-1">
            {options.map((option, index) => (
              <Option
                key={option.value}
                id={`${list}-${index}`}
                option={option}
                isActive={index === at}
                onPoint={() => combo.point(index)}
                onPress={() => combo.choose(option)}
              />
            ))}
          </div>
          {options.length === 0 && <p className="px-3 pb-2 text-muted">{nothing}</p>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** Those that are called as is typed come first: Enter may come before whoever narrows the options has heard of it. */
function bestFirst(options: readonly ComboOption[], typed: string): readonly ComboOption[] {
  const wanted = typed.trim().toLowerCase()
  if (wanted === "") return options
  const worth = ({ label }: ComboOption) => {
    const at = label.toLowerCase().indexOf(wanted)
    return at < 0 ? 2 : Math.min(at, 1)
  }
  return options.toSorted((one, other) => worth(one) - worth(other))
}

/** What is open, which option the keys are at, and what the keys do. */
function useCombo({ options, onType, onChoose }: ComboboxProps) {
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const list = useId()
  const at = Math.min(active, options.length - 1)
  const open = () => {
    setOpen(true)
    setActive(0)
  }
  const close = () => {
    setOpen(false)
    onType("")
  }
  const choose = (option: ComboOption | undefined) => {
    if (!option) return
    onChoose(option)
    close()
  }
  const step = (next: number) => {
    setActive(next)
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) open()
    else if (event.key === "ArrowDown") step(Math.min(at + 1, options.length - 1))
    else if (event.key === "ArrowUp") step(Math.max(at - 1, 0))
    else if (event.key === "Enter" && isOpen) choose(options[at])
    else if (event.key === "Escape" && isOpen) {
      // The dialog around it stays open.
      event.stopPropagation()
      close()
    } else return
    event.preventDefault()
  }
  const type = (typed: string) => {
    open()
    onType(typed)
  }
  return { isOpen, at, list, open, close, choose, type, point: setActive, onKeyDown }
}

type OptionProps = {
  id: string
  option: ComboOption
  isActive: boolean
  onPoint: () => void
  onPress: () => void
}

const Option = ({ id, option, isActive, onPoint, onPress }: OptionProps) => (
  // Keys are handled by the input, which keeps the focus.
  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
  <div
    id={id}
    role="option"
    aria-selected={isActive}
    onPointerMove={onPoint}
    onPointerDown={(event) => event.preventDefault()}
    onClick={onPress}
    className={cn(
      "flex min-h-7 cursor-default items-center gap-3 rounded-sm px-2 py-1 pointer-coarse:min-h-10",
      isActive && "bg-hover",
    )}
  >
    <span className="min-w-0 flex-1 truncate">{option.label}</span>
    {option.note && <span className="tabular shrink-0 text-sm text-muted">{option.note}</span>}
  </div>
)
