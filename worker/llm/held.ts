import type { ModelCall } from "#core/llm/call"
import type { ModelUsage } from "#core/llm/event"

/** Money that is held for one request until it is known what it has cost. */
export type Held = {
  /** The call as it may be sent: with a limit on its answer, where a cap needs one and nobody has set it. */
  call: ModelCall
  /** Enters what it has cost; nothing when nothing came of it. A second word is not heard. Never throws. */
  settle: (usage: ModelUsage | undefined) => Promise<void>
}
