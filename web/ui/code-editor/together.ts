import { Annotation, type Extension } from "@codemirror/state"

/** A text that several write in at once, as an editor takes it in the place of its own value and history. */
export type Together = { value: () => string; extension: Extension }

/** Marks what others wrote: nobody has typed it here. */
export const fromTogether = Annotation.define<true>()
