import { apply } from "#core/canvas/apply"
import { canvasOf, draftOf, stateOf, stateOfDraft } from "#core/canvas/canvas"
import { CanvasClient } from "#core/canvas/client"
import { operationBetween } from "#core/canvas/diff"
import type { Thread } from "#core/canvas/comment"
import type { Presence } from "#core/canvas/frame"
import type { Person } from "#core/canvas/messages"
import { keysOf, underNames } from "#core/canvas/names"
import { partsOf, type Operation } from "#core/canvas/operation"
import type { FlowDraft } from "#core/contract/flows"
import { nameApart } from "../model/names.ts"
import { share, type Known } from "../model/share.ts"
import type { Keeper } from "./keeper.ts"
import { Line } from "./line.ts"
import type { LiveSetting, LiveState, Shown } from "./live-setting.ts"
import type { CoText } from "./co-text.ts"
import { Presenter } from "./presenter.ts"
import { Texts } from "./texts.ts"
import { replaced } from "./replaced.ts"
import { Trail, type Stepping } from "./trail.ts"

export type { LiveState, Shown }

/** Keystrokes in one field within this time undo together. */
const joinsWithinMs = 1_000
const flushMs = 5_000
const nobody: readonly Person[] = []
const tooEarly = "The flow is still being fetched. Try again in a moment."

/**
 * The draft of an open flow as its canvas has it, with this person's edits on top. What is done is shown at once, sent by itself,
 * and saved when the server acknowledges it; what others do comes in by the same way.
 */
export class LiveDraft {
  draft: FlowDraft
  state: LiveState
  private readonly setting: LiveSetting
  private client: CanvasClient | undefined
  private line: Line | undefined
  private keeper: Keeper | undefined
  private beginning: Promise<void> | undefined
  private isOpen = false
  /** What the draft was made of, while the document has not taken it: it has not come yet, or the draft cannot be in a flow. */
  private base: FlowDraft | undefined
  private fault: string | undefined
  private step = { tag: "", at: 0, number: 0 }
  private readonly known: Known = new WeakMap()
  private wasKept = 0
  /** Something was heard that is not shown yet. */
  private isDue = false
  private threads: readonly Thread[] = []
  private readonly trail = new Trail(this.steps())
  /** The long texts that are written in together. */
  readonly texts = new Texts({
    ask: (words) => this.line?.ask(words) ?? false,
    tell: (operation) => this.tell(operation),
    isWritten: (node, field) => this.isWritten(node, `data.${field}`),
    present: (presence) => this.presenter.tell(presence),
    onStep: (text) => this.trail.did(text),
    onRefused: (message) => this.setting.onRefused(message),
  })
  private readonly waiters = new Set<() => void>()
  private readonly presenter = new Presenter((presence) => this.line?.say(presence))

  /** Without a client it has the draft of the page until the document comes. */
  constructor(draft: FlowDraft, savedAt: number, setting: LiveSetting, client?: CanvasClient) {
    this.draft = draft
    this.setting = setting
    this.client = client
    this.state = { is: "saved", at: savedAt }
  }

  /** Opens the line. */
  start(): void {
    this.isOpen = true
    this.beginning ??= this.begin()
    this.line?.start()
  }

  /** Closes the line; another window may take over what was not sent. */
  leave(): void {
    this.isOpen = false
    this.line?.leave()
    this.presenter.stop()
    // A page that is taken down and put up again in one go is not left.
    setTimeout(() => {
      if (!this.isOpen) this.keeper?.leave()
    })
  }

  private async begin(): Promise<void> {
    const { setting } = this
    const keeper = await setting.keeper()
    const client = (this.client ??= new CanvasClient(keeper.kept))
    this.keeper = keeper
    this.wasKept = client.waiting
    this.line = new Line({
      client,
      open: (since) => setting.open({ client: keeper.client, ...(since === undefined ? {} : { since }) }),
      whyNot: () => setting.whyNot(),
      hears: {
        changed: ({ renamed }) => this.heard(renamed),
        refused: ({ code, message }) => {
          this.texts.refused(code)
          setting.onRefused(message)
        },
        presence: (who, presence) => {
          this.texts.presence(who, presence.caret)
          setting.onPresence(who, presence)
        },
        people: (people) => {
          this.here([...people.values()].filter((one) => one.client !== client.number))
        },
        text: (opened) => this.texts.opened(opened),
        wrote: (operation) => this.texts.wrote(operation),
      },
      onLine: () => {
        // Who is here is known while the line holds.
        if (!this.line?.isReady) this.here(nobody)
        else this.texts.ready()
        this.update()
      },
    })
    this.update()
    if (this.isOpen) this.line.start()
    else keeper.leave()
  }

  private here(others: readonly Person[]): void {
    this.texts.here(new Set(others.map(({ client }) => client)))
    this.setting.onOthers(others)
    this.presenter.heard(others.length > 0)
  }

  /** Whether the server has everything that was done here. */
  get isSettled(): boolean {
    return this.base === undefined && (this.client?.waiting ?? 0) === 0
  }

  /** Whether what the server does not have would be lost with the page. */
  get isUnkept(): boolean {
    return this.base !== undefined
  }

  /** The draft as it is now, with what was heard since it was last shown: what is made of it finds no name taken. */
  now(): FlowDraft {
    if (this.isDue && this.base === undefined) this.update()
    return this.draft
  }

  /** A new draft is one step; those that follow soon with the same tag join it. */
  change(next: FlowDraft, tag?: string): void {
    if (next === this.draft) return
    const before = this.step.number
    const group = this.groupOf(tag)
    if (this.step.number !== before) this.trail.did()
    const from = this.base ?? this.draft
    this.draft = next
    this.attempt(from, group)
    this.update()
    this.line?.say()
  }

  /** Says something about the flow, or what is no step of its history. Answers why not, when it may not be done. */
  tell(operation: Operation): string | undefined {
    const { client } = this
    if (client?.since === undefined) return tooEarly
    const { fault } = client.edit(operation, { undoable: false })
    if (fault) return fault.message
    this.update()
    this.line?.say()
    return undefined
  }

  undo(): void {
    if (this.base === undefined) this.trail.undo()
    else this.giveUp()
    this.moved()
  }

  redo(): void {
    this.trail.redo()
    this.moved()
  }

  /** Takes back one's own last typing in a text, where the keys for it are pressed. */
  undoIn(text: CoText): void {
    if (text.undo()) this.trail.wentBack(text)
    this.update()
  }

  redoIn(text: CoText): void {
    if (text.redo()) this.trail.wentOn(text)
    this.update()
  }

  /** The server has put one state in another's place because this person asked for it: a step of theirs. */
  replaced(was: FlowDraft, is: FlowDraft): Stepping {
    const step = replaced(was, is, {
      canvas: () => this.client?.canvas ?? canvasOf(stateOfDraft(this.draft)),
      edit: (operation) => this.client?.edit(operation, { undoable: false }).fault === undefined,
    })
    this.trail.did(step)
    this.update()
    return step
  }

  /** Takes back one step, whatever was done after it. */
  takeBack(step: Stepping): void {
    if (step.undo()) this.trail.wentBack(step)
    this.moved()
  }

  /** What has been done to the canvas itself, as one of those that have a history. */
  private steps() {
    const did = (had: boolean | undefined, act: () => unknown): boolean => {
      if (had) act()
      return had ?? false
    }
    const client = (): CanvasClient | undefined => this.client
    return {
      undo: () => did(client()?.canUndo, () => client()?.undo()),
      redo: () => did(client()?.canRedo, () => client()?.redo()),
      get canUndo() {
        return client()?.canUndo ?? false
      },
      get canRedo() {
        return client()?.canRedo ?? false
      },
    }
  }

  /** Whether a property was written here as a whole, or with its node, and the server has not placed it yet. */
  private isWritten(node: string, field: string): boolean {
    if (this.base !== undefined) return true
    return (this.client?.kept().pending ?? []).some(({ operation }) =>
      partsOf(operation).some((one) =>
        one.type === "add"
          ? one.nodes.some(({ id }) => id === node)
          : one.type === "set" && one.node === node && one.field === field,
      ),
    )
  }

  /** Resolves when the server has everything; with false when it cannot be had now. */
  async flush(): Promise<boolean> {
    if (this.isSettled) return true
    if (this.fault !== undefined || this.line?.ending) return false
    this.line?.hurry()
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(false), flushMs)
      const look = (): void => {
        if (this.isSettled) done(true)
        else if (this.fault !== undefined || this.line?.ending) done(false)
      }
      const done = (isSettled: boolean): void => {
        clearTimeout(timer)
        this.waiters.delete(look)
        resolve(isSettled)
      }
      this.waiters.add(look)
    })
  }

  /** Tells others where this person is. */
  present(presence: Presence): void {
    this.presenter.tell(presence)
  }

  /** The machine says that it is online again. */
  hurry(): void {
    this.line?.hurry()
  }

  /** Makes an edit of what differs; what the document does not take stays on the page alone. */
  private attempt(from: FlowDraft, group?: string): void {
    const { client } = this
    if (client?.since === undefined) {
      this.base = from
      return
    }
    const operation = operationBetween(from, this.draft)
    const { fault, changes } = (operation && client.edit(operation, { group })) ?? {}
    this.fault = fault?.message
    // Not the document: what was heard and is not shown yet is nobody's wish to undo.
    this.base = fault && from
    if (changes && changes.renamed.size > 0) this.setting.onRenamed(changes.renamed, () => this.update())
  }

  /** The document has changed under what is shown: a burst is shown as one change. What waits for the document does not wait longer. */
  private heard(renamed: ReadonlyMap<string, string>): void {
    const now = (): void => (this.base === undefined ? this.update() : this.rebase(renamed))
    // What is typed next must not go to whose name one's own node had.
    if (renamed.size > 0) return this.setting.onRenamed(renamed, now)
    if (this.base !== undefined || this.texts.isOpen) return now()
    if (this.isDue) return
    this.isDue = true
    this.setting.whenDrawn(() => {
      this.isDue = false
      if (this.base === undefined) return this.update()
      this.rebase()
      this.line?.say()
    })
  }

  /** Makes what the document has not taken anew, on the document as it is now. */
  private rebase(renamed: ReadonlyMap<string, string> = new Map()): void {
    const { client, base } = this
    if (base !== undefined && client?.since !== undefined) {
      const difference = operationBetween(base, this.draft)
      const operation = difference && underNames(difference, keysOf(renamed))
      const canvas = canvasOf(stateOf(client.canvas))
      if (operation) apply(canvas, operation)
      this.draft = share(this.draft, draftOf(canvas))
      this.attempt(draftOf(client.canvas))
    }
    this.update()
  }

  private giveUp(): void {
    if (this.client?.since === undefined) this.draft = this.base ?? this.draft
    this.base = undefined
    this.fault = undefined
  }

  private moved(): void {
    this.step = { ...this.step, tag: "" }
    this.update()
    this.line?.say()
  }

  private groupOf(tag: string | undefined): string | undefined {
    const at = this.setting.now()
    const joins = tag !== undefined && tag === this.step.tag && at - this.step.at <= joinsWithinMs
    this.step = { tag: tag ?? "", at, number: this.step.number + (joins ? 0 : 1) }
    return tag === undefined ? undefined : `${tag} ${this.step.number}`
  }

  private update(): void {
    const { client, line, setting } = this
    if (client?.since !== undefined && this.base === undefined)
      this.draft = share(this.draft, draftOf(client.canvas), this.known)
    setting.onShown({
      draft: this.draft,
      canUndo: this.base !== undefined || this.trail.canUndo,
      canRedo: this.base === undefined && this.trail.canRedo,
      mayEdit: line?.mayEdit ?? true,
    })
    this.tellThreads()
    this.keep()
    this.become(this.stateNow())
    for (const look of this.waiters) look()
  }

  private tellThreads(): void {
    const now = this.client?.canvas.threads
    const { threads } = this
    if (!now || (now.size === threads.length && threads.every((one) => now.get(one.id) === one))) return
    this.threads = [...now.values()]
    this.setting.onThreads(this.threads)
  }

  private keep(): void {
    const waiting = this.client?.waiting ?? 0
    if (this.client && (waiting > 0 || this.wasKept > 0)) this.keeper?.save(this.client.kept())
    this.wasKept = waiting
  }

  private stateNow(): LiveState {
    const { line, fault, client } = this
    if (line?.ending) return { is: "ended", why: line.ending }
    if (fault !== undefined) return { is: "refused", message: fault }
    if (line?.isReady) {
      if (!this.isSettled) return { is: "saving" }
      return this.state.is === "saved" ? this.state : { is: "saved", at: this.setting.now() }
    }
    return client?.since === undefined ? { is: "connecting" } : { is: "offline", waiting: client.waiting }
  }

  private become(state: LiveState): void {
    const was = this.state
    const number = this.client?.number ?? 0
    nameApart(state.is === "offline" && number > 0 ? `w${number}` : undefined)
    if (was === state) return
    const isSame = was.is === state.is && (state.is === "connecting" || state.is === "saving")
    if (isSame) return
    this.state = state
    this.setting.onState(state)
  }
}
