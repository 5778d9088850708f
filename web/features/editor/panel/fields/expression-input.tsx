import { useLayoutEffect, useMemo, useRef, type ComponentProps, type Ref, type RefObject } from "react"
import { cn } from "#web/ui/cn.ts"
import { fieldLook } from "#web/ui/input.tsx"
import { fieldTokens, type Token, type TokenKind } from "../../model/expression-tokens.ts"
import { DataPicker } from "../data-picker.tsx"
import { insertReference } from "../../model/insert-reference.ts"
import { useDataSources } from "../use-data-sources.ts"
import { ExpressionPreview } from "./expression-preview.tsx"
import { SuggestionList } from "./suggestion-list.tsx"
import { TheirCarets, WhoWrites } from "./their-carets.tsx"
import { useCoText, type CoField, type TextField } from "./use-co-text.ts"
import { useSuggestions } from "./use-suggestions.ts"
import { useWritingWith } from "./use-writing-with.ts"

type ExpressionInputProps = Omit<ComponentProps<"textarea">, "value" | "onChange" | "ref"> & {
  /** Whose data is offered; null for the flow's own settings. */
  nodeId: string | null
  value: string
  onChange: (value: string) => void
  /** The whole text is an expression, unless it holds `{{ }}`. */
  bare?: boolean
  /** Lines that are shown at least. */
  lines?: number
  /** Off where there is no room for the button: what is typed is completed all the same. */
  picker?: boolean
  /** The field of a node that it is, where several may write in it at once. */
  shared?: TextField | undefined
}

const hues: Record<TokenKind, string> = {
  text: "text-ink",
  brace: "text-accent-ink",
  name: "text-accent-ink",
  dot: "text-accent-ink",
  variable: "text-kind-model",
  string: "text-kind-data",
  number: "text-kind-agent",
  word: "text-kind-model",
  operator: "text-soft",
  comment: "text-muted",
  space: "",
}

const text =
  "col-start-1 row-start-1 px-2.5 py-1.5 font-mono text-sm leading-5 break-words whitespace-pre-wrap pointer-coarse:text-lg pointer-coarse:leading-6"

/**
 * A text with `{{ expressions }}` in colour. The words are drawn under a textarea whose own text is transparent; both lie in
 * one grid cell and grow together, so that they never part.
 */
export function ExpressionInput({ shared, ...props }: ExpressionInputProps) {
  return shared ? <SharedExpression {...props} shared={shared} /> : <Expression {...props} />
}

/** One that several write in: what each types goes into the text that they share, once it is open. */
function SharedExpression({ shared, ...props }: ExpressionInputProps & { shared: TextField }) {
  const { value, onChange, readOnly = false } = props
  const co = useCoText(shared, readOnly)
  const write = (next: string) => {
    const isShared = co.write(next)
    // An empty text may mean that the field is not set, which only the field knows.
    if (!isShared || next === "") onChange(next)
  }
  return <Expression {...props} value={co.text?.value ?? value} onChange={write} co={co} />
}

function Expression(props: Omit<ExpressionInputProps, "shared"> & { co?: CoField }) {
  const { nodeId, value, onChange, bare = false, lines = 1, picker = true, className, co, ...rest } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const writing = useWritingWith(area, co)
  const colours = useRef<HTMLDivElement>(null)
  const put = useCaretAfter(area, value, onChange)
  const suggestions = useSuggestions({ area, colours, bare, sources: useDataSources(nodeId), onChange: put })
  const insert = (reference: string) => {
    const box = area.current
    const caret = { from: box?.selectionStart ?? value.length, to: box?.selectionEnd ?? value.length }
    const made = insertReference(value, bare, caret, reference)
    put(made.text, made.caret)
  }
  return (
    <div className={cn("relative min-w-0", className)}>
      <div
        className={cn(
          fieldLook,
          rest.readOnly ? "bg-sunken" : "read-only:bg-surface",
          "max-h-80 overflow-y-auto px-0 focus-within:border-focus focus-within:ring-1 focus-within:ring-focus has-aria-invalid:border-failed has-aria-invalid:focus-within:ring-failed",
        )}
      >
        <div className="relative grid grid-cols-1" style={{ minHeight: `${lines * 1.25 + 0.75}rem` }}>
          <Colours ref={colours} value={value} bare={bare} room={picker} />
          <Area
            {...rest}
            room={picker}
            {...(rest.readOnly ? {} : suggestions.aria)}
            ref={area}
            value={value}
            onChange={(text, caret) => {
              onChange(text)
              suggestions.look(text, caret)
            }}
            {...writing}
            onKeyDown={(event) => {
              suggestions.onKeyDown(event)
              if (!event.isDefaultPrevented()) writing.onKeyDown(event)
            }}
            onBlur={() => {
              suggestions.close()
              writing.onBlur()
            }}
          />
          {co && <TheirCarets carets={co.carets} drawn={colours} />}
        </div>
      </div>
      {!rest.readOnly && (
        <>
          {picker && <DataPicker nodeId={nodeId} onChoose={insert} className="absolute top-0.5 right-0.5" />}
          <SuggestionList {...suggestions} />
        </>
      )}
      {co && <WhoWrites carets={co.carets} />}
      <ExpressionPreview nodeId={nodeId} value={value} bare={bare} />
    </div>
  )
}

/**
 * Puts a text into the field with the caret where it belongs, in the same stroke as the text is drawn: a moment later the next key
 * would already have been written somewhere else.
 */
function useCaretAfter(
  area: RefObject<HTMLTextAreaElement | null>,
  value: string,
  onChange: (value: string) => void,
): (text: string, caret: number) => void {
  const wanted = useRef<{ text: string; caret: number } | null>(null)
  useLayoutEffect(() => {
    const { current } = wanted
    if (current?.text !== value) return
    // What is typed from here on is the field's own.
    wanted.current = null
    area.current?.focus()
    area.current?.setSelectionRange(current.caret, current.caret)
  }, [value, area])
  return (text, caret) => {
    wanted.current = { text, caret }
    onChange(text)
  }
}

function Area({
  value,
  onChange,
  room,
  ref,
  ...rest
}: Omit<ComponentProps<"textarea">, "onChange" | "ref"> & {
  onChange: (value: string, caret: number) => void
  /** Whether room is left for the button. */
  room: boolean
  ref: Ref<HTMLTextAreaElement>
}) {
  return (
    <textarea
      {...rest}
      ref={ref}
      value={value}
      rows={1}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      onChange={(event) => onChange(event.target.value, event.target.selectionStart)}
      className={cn(
        text,
        "resize-none overflow-hidden bg-transparent text-transparent caret-ink outline-none placeholder:font-sans",
        room && "pr-8",
      )}
    />
  )
}

type ColoursProps = { value: string; bare: boolean; room: boolean; ref: Ref<HTMLDivElement> }

function Colours({ value, bare, room, ref }: ColoursProps) {
  const tokens = useMemo(() => fieldTokens(value, bare), [value, bare])
  return (
    <div ref={ref} aria-hidden className={cn(text, "pointer-events-none", room && "pr-8")}>
      <Spans tokens={tokens} />
      {/* A line break at the end takes room only when something follows it. */}
      {"\u200b"}
    </div>
  )
}

const Spans = ({ tokens }: { tokens: readonly Token[] }) =>
  tokens.map((token, i) => (
    // Tokens have no identity of their own; their order is all there is.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={i} className={hues[token.kind]}>
      {token.text}
    </span>
  ))
