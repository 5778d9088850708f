import { useRef, useState, type ReactNode } from "react"
import { mostWords } from "#core/canvas/comment"
import type { FlowPerson } from "#core/contract/canvas"
import { Avatar } from "#web/ui/avatar.tsx"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { Textarea } from "#web/ui/input.tsx"
import { useMentions, type MentionList } from "./use-mentions.ts"

type CommentFormProps = {
  /** Names the field for those who do not see what it stands under. */
  label: string
  act: string
  people: readonly FlowPerson[]
  /** What is written anew. */
  start?: string
  /** Answers why not, when it is not taken; then it stays to be sent again. */
  onSend: (text: string) => string | undefined
  onCancel?: () => void
  autoFocus?: boolean
  /** The list of people opens upwards, where the form stands at the bottom. */
  isLow?: boolean
  children?: ReactNode
}

/** Writes a comment; @ calls people by their names, and Mod and Enter send it. */
export function CommentForm({
  label,
  act,
  people,
  start = "",
  onSend,
  onCancel,
  autoFocus = false,
  isLow = false,
  children,
}: CommentFormProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(start)
  const [fault, setFault] = useState<string>()
  const mentions = useMentions({ area, people, onChange: setText })
  const send = () => {
    const words = text.trim()
    if (words === "") return area.current?.focus()
    const why = onSend(words)
    setFault(why)
    if (why === undefined) setText("")
  }
  return (
    <form
      className="relative flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Textarea
        ref={area}
        {...mentions.aria}
        aria-label={label}
        // The field is opened by a press that asks for it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={autoFocus}
        rows={2}
        maxLength={mostWords}
        placeholder={`${label}…`}
        value={text}
        aria-invalid={fault !== undefined}
        onChange={({ target }) => {
          setText(target.value)
          mentions.look(target.value, target.selectionStart)
        }}
        onBlur={mentions.close}
        onKeyDown={(event) => {
          if (mentions.onKey(event)) return
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send()
          else if (event.key === "Escape" && onCancel) onCancel()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
        className="min-h-14"
      />
      <PeopleList {...mentions} isLow={isLow} />
      {fault !== undefined && (
        <p role="alert" className="text-sm text-failed">
          {fault}
        </p>
      )}
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-sm text-muted">{children}</span>
        {onCancel && (
          <Button size="sm" tone="ghost" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button size="sm" tone="primary" type="submit" aria-disabled={text.trim() === "" || undefined}>
          {act}
        </Button>
      </div>
    </form>
  )
}

function PeopleList({ open, take, listId, isLow }: MentionList & { isLow: boolean }) {
  if (!open) return null
  return (
    <div
      id={listId}
      role="listbox"
      aria-label="People"
      className={cn(
        "absolute inset-x-0 z-50 max-h-52 overflow-y-auto rounded-md bg-raised p-1 shadow-float",
        isLow ? "bottom-full mb-1" : "top-15",
      )}
    >
      {open.found.map((person, i) => (
        <div
          key={person.id}
          id={`${listId}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === open.chosen}
          ref={i === open.chosen ? intoSight : undefined}
          // The field keeps the keyboard.
          onPointerDown={(event) => {
            event.preventDefault()
            take(person)
          }}
          className={cn(
            "flex h-7 cursor-default items-center gap-2 rounded-sm px-1.5 hover:bg-hover pointer-coarse:h-10",
            i === open.chosen && "bg-hover",
          )}
        >
          <Avatar name={person.name} seed={person.id} />
          <span className="min-w-0 flex-1 truncate">{person.name}</span>
        </div>
      ))}
    </div>
  )
}

const intoSight = (option: HTMLDivElement | null): void => option?.scrollIntoView({ block: "nearest" })
