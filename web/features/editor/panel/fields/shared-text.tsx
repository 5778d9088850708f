import { useRef, type ComponentProps, type KeyboardEvent } from "react"
import { cn } from "#web/ui/cn.ts"
import { TheirCarets, WhoWrites } from "./their-carets.tsx"
import { useCoText, type TextField } from "./use-co-text.ts"
import { useWritingWith } from "./use-writing-with.ts"

type SharedTextProps = Omit<
  ComponentProps<"textarea">,
  "value" | "onChange" | "onKeyDown" | "onBlur" | "ref"
> & {
  shared: TextField
  value: string
  onChange: (value: string) => void
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void
  onBlur?: () => void
  /** Of the box, which scrolls. */
  className: string
  /** Of the words and of what is typed alike: the room around them. */
  textClass: string
}

const words = "col-start-1 row-start-1 min-w-0 break-words whitespace-pre-wrap"

/**
 * A plain text that several may write at once, with the others' carets. It lies over the same words, unseen, and grows with them: they say
 * where the carets stand.
 */
export function SharedText({
  shared,
  value,
  onChange,
  onKeyDown,
  onBlur,
  className,
  textClass,
  style,
  readOnly = false,
  ...rest
}: SharedTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const drawn = useRef<HTMLDivElement>(null)
  const co = useCoText(shared, readOnly)
  const writing = useWritingWith(area, co)
  const text = co.text?.value ?? value
  return (
    <div className={cn("overflow-y-auto", className)} style={style}>
      <div className="relative grid min-h-full grid-cols-1">
        <div ref={drawn} aria-hidden className={cn(words, textClass, "invisible")}>
          {text}
          {/* A line break at the end takes room only when something follows it. */}
          {"\u200b"}
        </div>
        <textarea
          {...rest}
          {...writing}
          ref={area}
          value={text}
          readOnly={readOnly}
          onChange={({ target }) => {
            if (!co.write(target.value)) onChange(target.value)
          }}
          onKeyDown={(event) => {
            writing.onKeyDown(event)
            if (!event.isDefaultPrevented()) onKeyDown?.(event)
          }}
          onBlur={() => {
            writing.onBlur()
            onBlur?.()
          }}
          className={cn(words, textClass, "resize-none overflow-hidden bg-transparent text-ink outline-none")}
        />
        <TheirCarets carets={co.carets} drawn={drawn} />
      </div>
      <WhoWrites carets={co.carets} />
    </div>
  )
}
