import {
  type EditorState,
  Prec,
  StateEffect,
  Transaction,
  type ChangeSpec,
  type Extension,
} from "@codemirror/state"
import {
  Decoration,
  EditorView,
  keymap,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view"
import type { Delta } from "#core/canvas/operation"
import { fromTogether } from "#web/ui/code-editor/together.ts"
import { inkOf } from "#web/ui/avatar.tsx"
import type { CoText } from "./co-text.ts"

export type DrawnCaret = { client: number; id: string; name: string; anchor: number; head: number }

export type CoEditing = {
  text: CoText
  /** Tells others' carets, and again whenever they move; answers how to stop. */
  onCarets(listener: (carets: readonly DrawnCaret[]) => void): () => void
  /** Where this person writes; nowhere when they have left. */
  onPlace(anchor?: number, head?: number): void
  undo: () => void
  redo: () => void
}

/** Others' carets have moved. */
const moved = StateEffect.define()

/** What makes a code editor one in which several write: their text, their carets, and an undo that leaves theirs. */
export function coEditing(co: CoEditing): Extension {
  const plugin = ViewPlugin.define((view) => new Binding(view, co), {
    decorations: (binding) => binding.decorations,
  })
  const act = (what: () => void) => () => {
    what()
    return true
  }
  return [
    plugin,
    caretLook,
    Prec.high(
      keymap.of([
        { key: "Mod-z", run: act(co.undo), preventDefault: true },
        { key: "Mod-y", mac: "Mod-Shift-z", run: act(co.redo), preventDefault: true },
        { key: "Mod-Shift-z", run: act(co.redo), preventDefault: true },
      ]),
    ),
  ]
}

class Binding {
  decorations: DecorationSet = Decoration.none
  private readonly co: CoEditing
  private carets: readonly DrawnCaret[] = []
  private readonly stops: (() => void)[]
  private isTelling = false

  constructor(view: EditorView, co: CoEditing) {
    this.co = co
    let isMade = false
    this.stops = [
      co.text.follow(({ delta }) => {
        if (this.isTelling) return
        view.dispatch({
          changes: changesOf(delta),
          annotations: [fromTogether.of(true), Transaction.addToHistory.of(false)],
        })
      }),
      co.onCarets((carets) => {
        this.carets = carets
        if (isMade) view.dispatch({ effects: moved.of(null) })
      }),
    ]
    isMade = true
    this.decorations = drawn(view.state, this.carets)
    // The text has opened under the hands of who writes.
    const { main } = view.state.selection
    if (view.hasFocus) queueMicrotask(() => co.onPlace(main.anchor, main.head))
  }

  update(update: ViewUpdate): void {
    const isTold = update.transactions.some((one) => one.annotation(fromTogether))
    if (update.docChanged && !isTold) {
      this.isTelling = true
      this.co.text.change(deltaOf(update))
      this.isTelling = false
    }
    const { main } = update.state.selection
    if (update.view.hasFocus && (update.selectionSet || update.docChanged || update.focusChanged))
      this.co.onPlace(main.anchor, main.head)
    else if (update.focusChanged) this.co.onPlace()
    const isMoved = update.transactions.some((one) => one.effects.some((effect) => effect.is(moved)))
    if (update.docChanged || isMoved) this.decorations = drawn(update.state, this.carets)
  }

  destroy(): void {
    for (const stop of this.stops) stop()
  }
}

function changesOf(delta: Delta): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  let at = 0
  for (const part of delta) {
    if (typeof part === "string") changes.push({ from: at, insert: part })
    else if (part < 0) {
      changes.push({ from: at, to: at - part })
      at -= part
    } else at += part
  }
  return changes
}

function deltaOf({ changes }: ViewUpdate): Delta {
  const delta: Delta = []
  let last = 0
  changes.iterChanges((from, to, _from, _to, inserted) => {
    if (from > last) delta.push(from - last)
    if (to > from) delta.push(from - to)
    if (inserted.length > 0) delta.push(inserted.toString())
    last = to
  })
  return delta
}

/** A caret with a name. */
class CaretMark extends WidgetType {
  private readonly caret: DrawnCaret
  private readonly isTop: boolean

  constructor(caret: DrawnCaret, isTop: boolean) {
    super()
    this.caret = caret
    this.isTop = isTop
  }

  override eq(other: CaretMark): boolean {
    return other.caret.client === this.caret.client && other.isTop === this.isTop
  }

  override toDOM(): HTMLElement {
    const { name, id } = this.caret
    const mark = document.createElement("span")
    mark.className = `cm-their-caret ${this.isTop ? "cm-at-top" : ""} ${inkOf(id)}`
    mark.dataset["caretOf"] = name
    mark.ariaHidden = "true"
    const flag = document.createElement("span")
    // Drawn, not written: a name in the text is none of its words.
    flag.dataset["name"] = name
    mark.append(flag)
    return mark
  }

  override ignoreEvent(): boolean {
    return true
  }
}

function drawn(state: EditorState, carets: readonly DrawnCaret[]): DecorationSet {
  const end = state.doc.length
  return Decoration.set(
    carets.flatMap((caret) => {
      const [anchor, head] = [Math.min(caret.anchor, end), Math.min(caret.head, end)]
      const isTop = state.doc.lineAt(head).number === 1
      const mark = Decoration.widget({ widget: new CaretMark(caret, isTop), side: 1 }).range(head)
      if (anchor === head) return [mark]
      const chosen = Decoration.mark({ class: `cm-their-choice ${inkOf(caret.id)}` })
      return [mark, chosen.range(Math.min(anchor, head), Math.max(anchor, head))]
    }),
    true,
  )
}

const caretLook = EditorView.baseTheme({
  ".cm-their-caret": {
    position: "relative",
    borderLeft: "2px solid currentColor",
    marginLeft: "-1px",
    marginRight: "-1px",
  },
  ".cm-their-caret > span": {
    position: "absolute",
    left: "-2px",
    bottom: "100%",
    padding: "0 0.25rem",
    borderRadius: "4px",
    backgroundColor: "var(--raised)",
    boxShadow: "var(--shadow-float)",
    fontFamily: "var(--font-sans)",
    fontSize: "0.6875rem",
    fontWeight: "500",
    lineHeight: "1rem",
    whiteSpace: "nowrap",
    pointerEvents: "none",
    zIndex: "10",
  },
  ".cm-their-caret > span::before": { content: "attr(data-name)" },
  ".cm-their-caret.cm-at-top > span": { bottom: "auto", top: "100%" },
  ".cm-their-choice": { backgroundColor: "color-mix(in oklab, currentColor 18%, transparent)" },
})
