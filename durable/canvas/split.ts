/** A text in parts of so many UTF-16 units at most, none of which ends in the middle of a character. */
export function splitText(text: string, most: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + most, text.length)
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--
    parts.push(text.slice(at, end))
    at = end
  }
  return parts
}
