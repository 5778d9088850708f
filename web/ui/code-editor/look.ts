import { HighlightStyle, syntaxHighlighting } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags as t } from "@lezer/highlight"

/** The colours of values elsewhere: strings green, numbers blue, words of the language violet. */
const colours = HighlightStyle.define([
  { tag: [t.keyword, t.modifier, t.bool, t.null, t.self, t.atom], color: "var(--kind-model)" },
  { tag: [t.string, t.special(t.string), t.regexp, t.escape], color: "var(--kind-data)" },
  { tag: [t.number, t.unit], color: "var(--kind-agent)" },
  {
    tag: [t.function(t.variableName), t.function(t.propertyName), t.className, t.typeName],
    color: "var(--kind-tool)",
  },
  { tag: [t.definition(t.variableName), t.propertyName], color: "var(--ink)" },
  { tag: [t.comment, t.meta], color: "var(--muted)" },
  { tag: [t.operator, t.punctuation, t.bracket], color: "var(--soft)" },
  { tag: t.invalid, color: "var(--failed)" },
])

/** Every colour is a token, so that both themes hold; heights come from the frame around it, in lines. */
const frame = EditorView.theme({
  "&": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--field)",
    borderRadius: "6px",
    overflow: "hidden",
    fontSize: "0.75rem",
  },
  "&.cm-focused": { outline: "1px solid var(--focus)", borderColor: "var(--focus)" },
  "&:has(.cm-content[aria-invalid=true])": { borderColor: "var(--failed)" },
  "&:has(.cm-content[aria-readonly=true])": { backgroundColor: "var(--sunken)" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    // Code is read sign by sign: `=>` is two.
    fontVariantLigatures: "none",
    lineHeight: "1.125rem",
    overflow: "auto",
    maxHeight: "calc(var(--most-lines) * 1.125rem + 0.75rem)",
  },
  ".cm-content, .cm-gutter": { minHeight: "calc(var(--least-lines) * 1.125rem + 0.75rem)" },
  ".cm-content": { padding: "0.375rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.625rem" },
  ".cm-gutters": {
    backgroundColor: "var(--sunken)",
    color: "var(--muted)",
    border: "none",
    borderRight: "1px solid var(--line)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.125rem", padding: "0 0.5rem 0 0.25rem" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-line.cm-fault": { backgroundColor: "var(--failed-soft)" },
  ".cm-gutterElement.cm-fault": { color: "var(--failed)", fontWeight: "600" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--line-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--failed-soft)" },
  // A phone zooms into text under 16 px.
  "@media (pointer: coarse)": { "&": { fontSize: "1rem" }, ".cm-scroller": { lineHeight: "1.5rem" } },
})

export const look = [frame, syntaxHighlighting(colours)]
