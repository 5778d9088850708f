import type { Delta } from "#core/canvas/operation"

/** Where a place of a text is after a change of it; what is put in exactly there comes after it. */
export function shifted(offset: number, delta: Delta): number {
  let [at, now] = [0, offset]
  for (const part of delta) {
    if (typeof part === "string") {
      if (at < now) now += part.length
      at += part.length
    } else if (part < 0) now -= Math.min(-part, Math.max(0, now - at))
    else at += part
  }
  return now
}
