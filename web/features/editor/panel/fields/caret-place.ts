/** Where a place of a text is drawn, by the elements that draw it; null when it is not there. */
export function caretPlace(drawn: Element, at: number): DOMRect | null {
  const walker = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT)
  let left = at
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (left <= length) {
      const range = document.createRange()
      range.setStart(node, left)
      range.collapse(true)
      return range.getBoundingClientRect()
    }
    left -= length
  }
  return null
}
