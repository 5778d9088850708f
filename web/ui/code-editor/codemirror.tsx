import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language"
import { Annotation, Compartment, EditorState, RangeSet, type Extension } from "@codemirror/state"
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
import { grammarOf } from "./languages.ts"
import { look } from "./look.ts"
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
  ...historyKeymap,
  // The page takes Mod-Enter, to try what is written.
  ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
])

const always: Extension = [
  lineNumbers(),
  history(),
  indentOnInput(),
  bracketMatching(),
  EditorState.allowMultipleSelections.of(false),
  keys,
  passing,
  look,
]

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
type Parts = Record<"grammar" | "attributes" | "faults", Compartment>

function useEditorView({ value, onChange }: Pick<EditorProps, "value" | "onChange">) {
  const place = useRef<HTMLDivElement>(null)
  const held = useRef<EditorView>(null)
  const tell = useRef(onChange)
  const [parts] = useState<Parts>(() => ({
    grammar: new Compartment(),
    attributes: new Compartment(),
    faults: new Compartment(),
  }))
  const first = useRef(value)
  useEffect(() => {
    tell.current = onChange
  })
  useEffect(() => {
    const view = new EditorView({
      parent: place.current!,
      doc: first.current,
      extensions: [
        always,
        Object.values(parts).map((part) => part.of([])),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside)))
            tell.current(update.state.doc.toString())
        }),
      ],
    })
    held.current = view
    return () => view.destroy()
  }, [parts])
  useEffect(() => {
    const view = held.current
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    })
  }, [value])
  return { place, held, parts }
}

/** CodeMirror as a controlled field. */
export default function CodeMirror({ value, onChange, language, errors, ref, ...attributes }: EditorProps) {
  const { place, held, parts } = useEditorView({ value, onChange })
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
