import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { othersAtom } from "../../atoms.ts"
import { useEditor } from "../../editor-context.ts"
import type { CoText } from "../../live/co-text.ts"

/** Somebody else who writes in a text: where their selection begins, and where their caret stands. */
export type TheirCaret = { client: number; id: string; name: string; anchor: number; head: number }

/** A field of a node that holds a long text. */
export type TextField = { node: string; field: string }

/**
 * A field's text as it is written together with others: undefined until it is open, which is when somebody begins to write in it.
 * Those who only look are not asked in; they read what the flow says.
 */
export function useCoText({ node, field }: TextField, readOnly: boolean) {
  const { live } = useEditor()
  const { texts } = live
  const others = useAtomValue(othersAtom)
  const place = useMemo(() => ({ node, field }), [node, field])
  const watch = useCallback((onChange: () => void) => texts.watch(place, onChange), [texts, place])
  const version = useSyncExternalStore(watch, () => texts.versionOf(place))
  const text = readOnly ? undefined : texts.textOf(place)
  const carets = useMemo(
    () => (readOnly ? [] : theirsIn(texts.caretsIn(place), others, text)),
    // The version stands for what the text says and who is in it.
    // oxlint-disable-next-line react/exhaustive-deps
    [texts, place, others, text, readOnly, version],
  )
  const isVisited = !readOnly && texts.caretsIn(place).length > 0
  useEffect(() => {
    if (isVisited && !texts.textOf(place)) texts.open(place)
  }, [isVisited, texts, place])
  useEffect(() => () => texts.present(undefined), [texts, place])
  return {
    text,
    carets,
    /** Writes into the text that is open by now, which the page may not have drawn yet; false while none is. */
    write: (next: string): boolean => {
      const open = readOnly ? undefined : texts.textOf(place)
      open?.write(next)
      return open !== undefined
    },
    /** Somebody begins to write here. */
    enter: () => {
      if (!readOnly) texts.open(place)
    },
    /** Tells others where this person writes; nowhere without a place. */
    present: useCallback(
      (anchor?: number, head?: number) =>
        texts.present(anchor === undefined ? undefined : place, anchor, head),
      [texts, place],
    ),
    undo: () => text && live.undoIn(text),
    redo: () => text && live.redoIn(text),
  }
}

export type CoField = ReturnType<typeof useCoText>

function theirsIn(
  carets: ReturnType<ReturnType<typeof useEditor>["live"]["texts"]["caretsIn"]>,
  others: readonly { client: number; id: string; name: string }[],
  text: CoText | undefined,
): TheirCaret[] {
  if (!text) return []
  return carets.flatMap(({ client, anchor, head }) => {
    const person = others.find((one) => one.client === client)
    const [from, to] = [text.offsetOf(anchor), text.offsetOf(head)]
    if (!person || from === undefined || to === undefined) return []
    return [{ client, id: person.id, name: person.name, anchor: from, head: to }]
  })
}
