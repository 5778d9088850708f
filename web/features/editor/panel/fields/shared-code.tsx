import { useEffect, useRef, useState, type ComponentProps } from "react"
import { CodeEditor } from "#web/ui/code-editor/code-editor.tsx"
import type { Together } from "#web/ui/code-editor/together.ts"
import type * as CoCode from "../../live/co-codemirror.ts"
import type { CoText } from "../../live/co-text.ts"
import { WhoWrites } from "./their-carets.tsx"
import { useCoText, type CoField, type TextField } from "./use-co-text.ts"

type SharedCodeProps = Omit<ComponentProps<typeof CodeEditor>, "together"> & { shared: TextField }

/** Code that several may write at once, with the others' carets; without a line to the server it is written as a whole. */
export function SharedCode({ shared, ...props }: SharedCodeProps) {
  const co = useCoText(shared, props.readOnly ?? false)
  const together = useTogether(co, props.readOnly ?? false)
  const write = (next: string) => {
    // What is typed between the text's opening and its being drawn is a part of it, and no whole that would replace it.
    if (!co.write(next)) props.onChange(next)
  }
  return (
    <div className="min-w-0" onFocusCapture={co.text ? undefined : co.enter}>
      <CodeEditor {...props} together={together} onChange={write} />
      <WhoWrites carets={co.carets} />
    </div>
  )
}

type Code = typeof CoCode

/** The text as the code editor takes it, once both are here. */
function useTogether(co: CoField, readOnly: boolean): Together | undefined {
  const { text, carets } = co
  const [code, setCode] = useState<Code>()
  const [together, setTogether] = useState<{ of: CoText; is: Together }>()
  const now = useRef(co)
  const [listeners] = useState(() => new Set<(carets: CoField["carets"]) => void>())
  useEffect(() => {
    now.current = co
  })
  useEffect(() => {
    if (!readOnly) import("../../live/co-codemirror.ts").then(setCode, () => undefined)
  }, [readOnly])
  useEffect(() => {
    if (!text || !code) return
    // The editor counts a line's end as one sign.
    if (text.value.includes("\r")) text.write(text.value.replaceAll(/\r\n?/g, "\n"))
    const extension = code.coEditing({
      text,
      onCarets: (listener) => {
        listeners.add(listener)
        listener(now.current.carets)
        return () => void listeners.delete(listener)
      },
      onPlace: (anchor, head) => now.current.present(anchor, head),
      undo: () => now.current.undo(),
      redo: () => now.current.redo(),
    })
    setTogether({ of: text, is: { value: () => text.value, extension } })
  }, [text, code, listeners])
  useEffect(() => {
    for (const tell of listeners) tell(carets)
  }, [listeners, carets])
  return together && together.of === text ? together.is : undefined
}
