import { mostImported } from "#core/contract/tool-imports"
import type { Tool } from "#core/contract/tools"
import { Failure } from "#core/errors"
import type { OfferRow } from "./offer.ts"

/** A tool that was made, and what it was made of. */
export type Made = { key: string; tool: Tool }

export type Making = {
  made: Made[]
  /** What the server said of those that it refused, by key. */
  refused: Map<string, string>
  /** Why it stopped, where that concerns none of them alone. */
  failure: unknown
}

/**
 * Makes tools of what was chosen, as many in one request as it takes: those of a request are made all or none. It stops where a
 * request is refused; what was made before stays made, and is told.
 */
export async function makeTools(
  rows: readonly OfferRow[],
  make: (batch: readonly OfferRow[]) => Promise<readonly Tool[]>,
  onProgress: (made: number) => void,
): Promise<Making> {
  const made: Made[] = []
  for (let i = 0; i < rows.length; i += mostImported) {
    const batch = rows.slice(i, i + mostImported)
    try {
      // One after the other: the names of those before are taken for those after.
      // oxlint-disable-next-line no-await-in-loop
      const tools = await make(batch)
      for (const [at, tool] of tools.entries()) made.push({ key: batch[at]!.offer.key, tool })
      onProgress(made.length)
    } catch (error) {
      const refused = refusedIn(error, batch)
      return { made, refused, failure: refused.size > 0 ? null : error }
    }
  }
  return { made, refused: new Map(), failure: null }
}

/** Faults lie under `operations.3.name` or `tools.3`: the number is the place in the request. */
function refusedIn(error: unknown, batch: readonly OfferRow[]): Map<string, string> {
  const refused = new Map<string, string>()
  if (!(error instanceof Failure)) return refused
  for (const { path, message } of error.more.errors ?? []) {
    const at = /^(?:operations|tools)\.(\d+)(?:\.|$)/.exec(path)?.[1]
    const row = at === undefined ? undefined : batch[Number(at)]
    if (row && !refused.has(row.offer.key)) refused.set(row.offer.key, message)
  }
  return refused
}
