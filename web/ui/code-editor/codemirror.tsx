import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language"
import {
  Annotation,
  Compartment,
  EditorState,
  RangeSet,
  type ChangeSpec,
  type Extension,
  type TransactionSpec,
} from "@codemirror/state"
import {
  Decoration,
  EditorView,
  GutterMarker,
  gutterLineClass,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
} from "@codemirror/view"
import { useEffect, useImperativeHandle, useRef, useState } from "react"
import { deltaBetween } from "#core/canvas/delta"
import { grammarOf } from "./languages.ts"
import { Echoes } from "./echoes.ts"
import { look } from "./look.ts"
import { fromTogether } from "./together.ts"
import { offsetOfLine, type CodeLanguage, type EditorProps } from "./model.ts"

/** After Escape Tab leads on; any other key ends that, and the time is more than anybody needs. */
const leaveWithinMs = 3_600_000

/**
 * Tab indents for somebody who writes. Whoever only passes through by Tab passes through: from when the focus comes until
 * something is typed or pressed, Tab leads on as well.
 */
const passing = EditorView.domEventHandlers({
  focus: (_, view) => view.setTabFocusMode(leaveWithinMs),
  pointerup: (_, view) => view.setTabFocusMode(false),
})

const keys = keymap.of([
  {
    key: "Escape",
    run: (view) => {
      view.setTabFocusMode(leaveWithinMs)
      return false
    },
  },
  indentWithTab,
  // The page takes Mod-Enter, to try what is written.
  ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
])

const always: Extension = [
  lineNumbers(),
  indentOnInput(),
  bracketMatching(),
  EditorState.allowMultipleSelections.of(false),
  keys,
  passing,
  look,
]

/** What is typed here is taken back here, where nobody else writes. */
const alone: Extension = [history(), keymap.of(historyKeymap)]

class FaultMark extends GutterMarker {
  override elementClass = "cm-fault"
}
const faultMark = new FaultMark()
const faultLine = Decoration.line({ class: "cm-fault" })

/** Lines with something wrong, in their place and in the gutter; a line that is gone by now is none of them. */
function faultsIn(lines: readonly number[]): Extension {
  const starts = (state: EditorState) =>
    [...new Set(lines)]
      .filter((line) => line >= 1 && line <= state.doc.lines)
      .map((line) => state.doc.line(line).from)
      .toSorted((a, b) => a - b)
  return [
    EditorView.decorations.compute(["doc"], (state) =>
      Decoration.set(starts(state).map((at) => faultLine.range(at))),
    ),
    gutterLineClass.compute(["doc"], (state) => RangeSet.of(starts(state).map((at) => faultMark.range(at)))),
  ]
}

/** Marks a text that came from outside: nobody has typed it. */
const fromOutside = Annotation.define<true>()

type Attributes = Pick<
  EditorProps,
  "label" | "id" | "aria-describedby" | "aria-invalid" | "readOnly" | "placeholder"
>

/** What the page says of the editor, to browsers and to those who hear it. */
function attributesOf({ label, id, readOnly, placeholder, ...aria }: Attributes): Extension {
  const described = aria["aria-describedby"]
  return [
    EditorView.contentAttributes.of({
      "aria-label": label,
      spellcheck: "false",
      autocapitalize: "off",
      ...(id ? { id } : {}),
      ...(described ? { "aria-describedby": described } : {}),
      ...(aria["aria-invalid"] ? { "aria-invalid": "true" } : {}),
      // Read or written, it is reached by Tab, for it scrolls.
      tabindex: "0",
      ...(readOnly ? { "aria-readonly": "true" } : {}),
    }),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    placeholder ? placeholderText(placeholder) : [],
  ]
}

const unitOf = (language: CodeLanguage): Extension => indentUnit.of(language === "python" ? "    " : "  ")

/** What changes after the editor is made. */
type Parts = Record<"grammar" | "attributes" | "faults" | "sharing", Compartment>

/** The shortest way from what an editor shows to another text; the caret stays among its words. */
function becoming({ state }: EditorView, next: string): TransactionSpec {
  const changes: ChangeSpec[] = []
  let at = 0
  for (const part of deltaBetween(state.doc.toString(), next)) {
    if (typeof part === "string") changes.push({ from: at, insert: part })
    else if (part < 0) changes.push({ from: at, to: (at -= part) })
    else at += part
  }
  return changes.length === 0 ? {} : { changes, annotations: fromOutside.of(true) }
}

function useEditorView({ value, onChange, together }: Pick<EditorProps, "value" | "onChange" | "together">) {
  const place = useRef<HTMLDivElement>(null)
  const held = useRef<EditorView>(null)
  const tell = useRef(onChange)
  const [parts] = useState<Parts>(() => ({
    grammar: new Compartment(),
    attributes: new Compartment(),
    faults: new Compartment(),
    sharing: new Compartment(),
  }))
  const first = useRef(value)
  const now = useRef({ value, together })
  const [echoes] = useState(() => new Echoes())
  useEffect(() => {
    tell.current = onChange
    now.current = { value, together }
  })
  useEffect(() => {
    const view = new EditorView({
      parent: place.current!,
      doc: first.current,
      extensions: [
        always,
        Object.values(parts).map((part) => part.of(part === parts.sharing ? alone : [])),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          const isTold = transactions.some(
            (one) => one.annotation(fromOutside) || one.annotation(fromTogether),
          )
          if (!docChanged || isTold) return
          const text = state.doc.toString()
          if (!now.current.together) echoes.tell(text)
          tell.current(text)
        }),
        EditorView.domEventHandlers({
          blur: (_, left) => {
            echoes.forget()
            if (!now.current.together) left.dispatch(becoming(left, now.current.value))
          },
        }),
      ],
    })
    held.current = view
    return () => view.destroy()
  }, [parts, echoes])
  useEffect(() => {
    const view = held.current
    if (view && !together && !echoes.isOwn(value)) view.dispatch(becoming(view, value))
  }, [value, together, echoes])
  const isShared = useRef(false)
  useEffect(() => {
    const view = held.current
    if (!view || (!together && !isShared.current)) return
    isShared.current = together !== undefined
    echoes.forget()
    view.dispatch({
      ...(together ? becoming(view, together.value()) : {}),
      effects: parts.sharing.reconfigure(together?.extension ?? alone),
    })
  }, [together, parts, echoes])
  return { place, held, parts }
}

/** CodeMirror as a controlled field. */
export default function CodeMirror(props: EditorProps) {
  const { value, onChange, together, language, errors, ref, ...attributes } = props
  const { place, held, parts } = useEditorView({ value, onChange, together })
  const { label, id, readOnly, placeholder } = attributes
  const described = attributes["aria-describedby"]
  const isInvalid = attributes["aria-invalid"]
  useEffect(() => {
    const next = {
      label,
      id,
      readOnly,
      placeholder,
      "aria-describedby": described,
      "aria-invalid": isInvalid,
    }
    held.current?.dispatch({ effects: parts.attributes.reconfigure(attributesOf(next)) })
  }, [held, parts, label, id, readOnly, placeholder, described, isInvalid])

  useEffect(() => {
    let isOver = false
    void grammarOf(language).then((found) => {
      if (!isOver) held.current?.dispatch({ effects: parts.grammar.reconfigure([found, unitOf(language)]) })
    })
    return () => {
      isOver = true
    }
  }, [held, parts, language])

  const lines = errors.map((error) => error.line).join()
  useEffect(() => {
    const wanted = lines === "" ? [] : lines.split(",").map(Number)
    held.current?.dispatch({ effects: parts.faults.reconfigure(faultsIn(wanted)) })
  }, [held, parts, lines])

  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      const view = held.current
      if (!view) return
      const anchor = offsetOfLine(view.state.doc.toString(), line)
      view.dispatch({ selection: { anchor }, scrollIntoView: true })
      view.focus()
    },
  }))
  return <div ref={place} className="min-w-0" />
}
