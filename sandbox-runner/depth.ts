/** How deep arrays and objects of a JSON text nest, without parsing it: 0 for a bare value. Says nothing of whether it is JSON. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        deepest = Math.max(deepest, ++depth)
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
    }
  }
  return deepest
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x5c) at++
    else if (sign === 0x22) return at
  }
  return text.length
}

export type ParsedJson = { ok: true; value: unknown } | { ok: false; error: string }

/**
 * Parses a JSON text of strangers: depth is looked at before the parser recurses into it, and `__proto__` is dropped wherever it
 * stands, so that no later copy of the value can change a prototype.
 */
export function parseJson(text: string, maxDepth: number): ParsedJson {
  if (depthOf(text) > maxDepth) return { ok: false, error: `it nests deeper than ${maxDepth}` }
  try {
    const value: unknown = JSON.parse(text, (key, inner: unknown) =>
      key === "__proto__" ? undefined : inner,
    )
    return { ok: true, value }
  } catch {
    return { ok: false, error: "it is not JSON" }
  }
}
