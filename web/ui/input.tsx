import { Eye, EyeOff, Search, X } from "lucide-react"
import { useEffect, useRef, useState, type ComponentProps } from "react"
import { cn } from "./cn.ts"
import { isTyping } from "./keyboard.ts"
import { Kbd } from "./kbd.tsx"

/** What all fields look like. A phone zooms into text under 16 px, hence the larger size under a finger. */
export const fieldLook =
  "w-full min-w-0 rounded-md border border-field bg-surface pl-2.5 text-base text-ink outline-none transition-[border-color,box-shadow] duration-[120ms] hover:border-muted focus-visible:border-focus focus-visible:ring-1 focus-visible:ring-focus not-[select]:pr-2.5 disabled:bg-sunken disabled:text-muted disabled:hover:border-field [&[readonly]]:bg-sunken aria-invalid:border-failed aria-invalid:focus-visible:ring-failed pointer-coarse:text-lg"

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input type="text" autoComplete="off" {...rest} className={cn(fieldLook, "h-control", className)} />
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={3}
      {...rest}
      className={cn(fieldLook, "field-sizing-content max-h-96 min-h-16 resize-y py-1.5 leading-5", className)}
    />
  )
}

/** A password that can be looked at while it is typed; pasting works, as managers need. */
export function PasswordInput({ className, ...rest }: ComponentProps<"input">) {
  const [isShown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input
        {...rest}
        type={isShown ? "text" : "password"}
        spellCheck={false}
        autoCapitalize="none"
        className={cn("pr-9 pointer-coarse:pr-11", className)}
      />
      <button
        type="button"
        aria-pressed={isShown}
        aria-label="Show the password"
        onClick={() => setShown(!isShown)}
        className="focus-ring absolute inset-y-1 right-1 flex w-7 items-center justify-center rounded-sm text-muted hover:text-ink pointer-coarse:w-9"
      >
        {isShown ? <EyeOff className="size-3.5" /> : <Eye className="size-3.5" />}
      </button>
    </div>
  )
}

type SearchInputProps = Omit<ComponentProps<"input">, "value" | "onChange"> & {
  label: string
  value: string
  onChange: (value: string) => void
}

/**
 * What stands in a field whose value comes back later, as one that lies in the address does: what is typed meanwhile stands
 * until the value has caught up, or the field is left.
 */
function useTyped(value: string, onChange: (value: string) => void) {
  const [typed, setTyped] = useState<string | null>(null)
  if (typed === value) setTyped(null)
  const type = (text: string) => {
    setTyped(text)
    onChange(text)
  }
  return { shown: typed ?? value, type, settle: () => setTyped(null) }
}

/** A search box that `/` reaches from anywhere on the page and Escape empties. */
export function SearchInput({ label, value, onChange, className, ...rest }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const { shown, type, settle } = useTyped(value, onChange)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.metaKey || event.ctrlKey || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [])
  return (
    <div
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) settle()
      }}
      className={cn("group relative w-60", className)}
    >
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-muted"
      />
      <input
        ref={input}
        type="search"
        // What lists take at most.
        maxLength={200}
        aria-label={label}
        placeholder={label}
        value={shown}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return
          if (shown) type("")
          else event.currentTarget.closest<HTMLElement>("main[tabindex], [role=dialog]")?.focus()
        }}
        {...rest}
        className={cn(
          fieldLook,
          "h-7 border-line-strong pr-7 pl-7 text-sm pointer-coarse:h-10 [&::-webkit-search-cancel-button]:hidden",
        )}
      />
      {shown ? (
        <button
          type="button"
          aria-label="Clear the search"
          // The box keeps the focus, and with it what was typed.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            type("")
            // The button goes with the words.
            input.current?.focus()
          }}
          className="focus-ring absolute top-1/2 right-1 flex size-6 -translate-y-1/2 items-center justify-center rounded-sm text-muted hover:text-ink"
        >
          <X className="size-3.5" />
        </button>
      ) : (
        <Kbd
          keys="/"
          className="pointer-events-none absolute top-1/2 right-1.5 -translate-y-1/2 group-focus-within:hidden pointer-coarse:hidden"
        />
      )}
    </div>
  )
}
