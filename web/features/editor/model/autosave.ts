import type { FlowDraft } from "#core/contract/flows"

/** Where the draft stands between the page and the server. */
export type SaveState =
  | { is: "saved"; at: number }
  | { is: "unsaved" }
  | { is: "saving" }
  /** The server cannot be reached; the draft waits here and is sent again by itself. */
  | { is: "offline" }
  /** Someone else saved in the meantime; a person has to choose. */
  | { is: "conflict" }
  /** The server does not take the draft as it is; the next change is tried again. */
  | { is: "refused"; error: unknown }

export type SaveOutcome = "offline" | "conflict" | "refused"

type AutosaveSetting = {
  /** Sends the draft on top of that version; answers with the version it became. */
  save(draft: FlowDraft, version: number): Promise<number>
  /** What a failed save means. */
  judge(error: unknown): SaveOutcome
  onState(state: SaveState): void
  now(): number
}

/** Long enough to gather a burst of typing, short enough that a reload loses next to nothing. */
const quietMs = 800
const firstRetryMs = 1_000
const longestRetryMs = 15_000

/**
 * Keeps the server's draft equal to the page's: waits for a pause, sends one save at a time, sends again what changed
 * meanwhile, and tries again by itself while the server cannot be reached.
 */
export class Autosave {
  state: SaveState
  #version: number
  /** What the server has. */
  #saved: FlowDraft
  #wanted: FlowDraft
  #timer: ReturnType<typeof setTimeout> | undefined
  #sending: Promise<void> | undefined
  #retryMs = firstRetryMs
  readonly #with: AutosaveSetting

  constructor(draft: FlowDraft, version: number, savedAt: number, setting: AutosaveSetting) {
    this.#saved = draft
    this.#wanted = draft
    this.#version = version
    this.#with = setting
    this.state = { is: "saved", at: savedAt }
  }

  get version(): number {
    return this.#version
  }

  /** Whether leaving the page would lose something. */
  get isDirty(): boolean {
    return this.#wanted !== this.#saved
  }

  /** Tells of the newest draft. */
  changed(draft: FlowDraft): void {
    if (draft === this.#wanted) return
    this.#wanted = draft
    if (this.state.is === "conflict") return
    if (!this.isDirty) return this.#settle()
    if (this.state.is !== "saving") this.#become({ is: "unsaved" })
    this.#retryMs = firstRetryMs
    this.#later(quietMs)
  }

  /** Saves now; resolves when the server has all of it, or when it cannot be had. */
  async flush(): Promise<boolean> {
    for (let tries = 0; tries < 3; tries++) {
      if (this.#sending) await this.#sending
      if (!this.isDirty) return true
      if (this.state.is === "conflict") return false
      await this.#send()
      if (this.state.is === "offline" || this.state.is === "refused") return false
    }
    return !this.isDirty
  }

  /** After a conflict: the page's draft goes on top of the version that the server has now. */
  async keepMine(version: number): Promise<boolean> {
    this.#version = version
    this.#become({ is: "unsaved" })
    return this.flush()
  }

  /** The server's draft replaces the page's, after a conflict or a restored version. */
  adopt(draft: FlowDraft, version: number): void {
    clearTimeout(this.#timer)
    this.#saved = draft
    this.#wanted = draft
    this.#version = version
    this.#settle()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#send(), ms)
  }

  async #send(): Promise<void> {
    if (this.#sending) return this.#sending
    if (!this.isDirty || this.state.is === "conflict") return
    clearTimeout(this.#timer)
    this.#sending = this.#attempt(this.#wanted).finally(() => {
      this.#sending = undefined
    })
    await this.#sending
  }

  async #attempt(draft: FlowDraft): Promise<void> {
    this.#become({ is: "saving" })
    try {
      this.#version = await this.#with.save(draft, this.#version)
      this.#saved = draft
      this.#retryMs = firstRetryMs
      if (!this.isDirty) return this.#settle()
      this.#become({ is: "unsaved" })
      this.#later(quietMs)
    } catch (error) {
      const outcome = this.#with.judge(error)
      if (outcome === "refused") return this.#become({ is: "refused", error })
      this.#become({ is: outcome })
      if (outcome !== "offline") return
      this.#later(this.#retryMs)
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
    }
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#become({ is: "saved", at: this.#with.now() })
  }

  #become(state: SaveState): void {
    this.state = state
    this.#with.onState(state)
  }
}
