/**
 * A text cut at its marks, such as `{{ … }}`: what stands outside of them and what stands inside in turn, from outside to outside, the
 * marks with what is inside. The text is read once: an opening that nothing closes is text, and so is all after it.
 */
export function cutAtMarks(text: string, opening = "{{", closing = "}}"): string[] {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const from = text.indexOf(opening, at)
    const to = from < 0 ? -1 : text.indexOf(closing, from + opening.length)
    if (to < 0) return [...parts, text.slice(at)]
    parts.push(text.slice(at, from), text.slice(from, to + closing.length))
    at = to + closing.length
  }
}
