import type { Thread } from "#core/canvas/comment"
import type { Presence } from "#core/canvas/frame"
import type { Person } from "#core/canvas/messages"
import type { FlowDraft } from "#core/contract/flows"
import type { Wire } from "#web/api/socket.ts"
import type { Keeper } from "./keeper.ts"
import type { Ending } from "./line.ts"

/** Where a person's edits stand between the page and the server. */
export type LiveState =
  /** The server has all of them; `at` is when it acknowledged the last. */
  | { is: "saved"; at: number }
  /** The document has not come yet. */
  | { is: "connecting" }
  | { is: "saving" }
  /** The line is broken; what is done meanwhile is kept in this browser and sent when it is back. */
  | { is: "offline"; waiting: number }
  /** What is shown cannot be in a flow, such as an empty name; the next change is tried again. */
  | { is: "refused"; message: string }
  /** The line is closed for good. */
  | { is: "ended"; why: Ending }

/** What is shown. */
export type Shown = { draft: FlowDraft; canUndo: boolean; canRedo: boolean; mayEdit: boolean }

/** What a live draft asks of the page that it is on. */
export type LiveSetting = {
  keeper(): Promise<Keeper>
  open(opening: { client: string; since?: number }): Promise<Wire>
  whyNot(): Promise<Ending | undefined>
  onShown(shown: Shown): void
  /** Nodes that were added here got other names, because somebody else's had theirs first. `show` shows it. */
  onRenamed(names: ReadonlyMap<string, string>, show: () => void): void
  onState(state: LiveState): void
  /** Everybody else who has the flow open, window by window. */
  onOthers(others: readonly Person[]): void
  /** What people say about the flow has changed. */
  onThreads(threads: readonly Thread[]): void
  /** Another window has moved; a part that is absent is as it was. */
  onPresence(client: number, presence: Presence): void
  /** The server has taken an edit back. */
  onRefused(message: string): void
  now(): number
  /** Does something when the page is drawn next; seldom much later, whether anybody looks or not. */
  whenDrawn(act: () => void): void
}
