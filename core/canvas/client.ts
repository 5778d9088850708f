import { apply } from "./apply.ts"
import type { Applied } from "./applied.ts"
import { canvasOf, draftOf, type Canvas, type CanvasState } from "./canvas.ts"
import { noChanges, noteChanges, noteRenamed, type Changes } from "./changes.ts"
import { refusal } from "./check.ts"
import { operationBetween } from "./diff.ts"
import type { CanvasFault } from "./faults.ts"
import type { Edit, Told } from "./frame.ts"
import { freed, hangingOn, mayBeTaken, sameKeys, takenKeys, underNames, withoutAdded } from "./names.ts"
import { withoutDelta, writesSame, type Operation } from "./operation.ts"
import { Refs } from "./refs.ts"
import { joined, writtenBy, type Written } from "./registers.ts"
import { Steps, type StepPart } from "./steps.ts"

/** An edit that the server has not given its place yet. */
type Pending = Edit & {
  isSent: boolean
  /** Whether what it adds was not there before: what an undo brings back was. */
  isNew: boolean
  /** Whether it gives other names than when it was sent. */
  isRenamed: boolean
  /** It is sent once this copy is past that edit of the server's order: what stands in its way has not been heard of yet. */
  after: number
  group: string | undefined
  part: StepPart | undefined
  applied: Applied | undefined
}

/** What must outlive the window, so that no edit is lost and none is made twice. */
export type Kept = { counter: number; pending: Edit[] }

/** A frame that does not follow what was received: something between is missing, and one must come in anew. */
export class Gap extends Error {}

const unplaced = { isSent: false, isRenamed: false, after: 0, group: undefined }

type EditOptions = {
  /** Edits of one group that follow each other are one step, such as a drag. */
  group?: string | undefined
  /** False for what is not to be undone here, such as a text that has an undo of its own. */
  undoable?: boolean
}

/**
 * A person's copy of a canvas: the server's document, as far as it is known, with their own edits on top that have no place yet.
 */
export class CanvasClient {
  canvas: Canvas
  refs: Refs
  /** The last edit of the server's order that this copy has. */
  seq = 0
  /** This window's number among those that the server knows; 0 before it has given one. */
  number = 0
  private hasDocument = false
  private counter: number
  /** The last edit that was sent, or that the server says it has seen. */
  private sent = 0
  private pending: Pending[] = []
  private readonly undone = new Steps()
  private readonly done = new Steps()

  constructor(kept: Kept = { counter: 0, pending: [] }) {
    this.canvas = canvasOf({
      fields: { name: "", description: "", settings: {} },
      nodes: [],
      edges: [],
      threads: [],
    })
    this.refs = new Refs([])
    this.counter = kept.counter
    for (const edit of kept.pending) {
      this.pending.push({ ...edit, ...unplaced, isNew: true, part: undefined, applied: undefined })
      this.counter = Math.max(this.counter, edit.counter)
    }
  }

  /** From which edit on this copy must hear; undefined while it has no document at all. */
  get since(): number | undefined {
    return this.hasDocument ? this.seq : undefined
  }

  /** How many edits wait for their place. */
  get waiting(): number {
    return this.pending.length
  }

  /** Whether something was not sent yet. */
  get isHolding(): boolean {
    return this.pending.some(({ isSent }) => !isSent)
  }

  get canUndo(): boolean {
    return !this.done.isEmpty
  }

  get canRedo(): boolean {
    return !this.undone.isEmpty
  }

  kept(): Kept {
    const pending = this.pending.map(({ counter, operation }) => ({ counter, operation }))
    return { counter: this.counter, pending }
  }

  /** Edits at once; the server hears of it by `outgoing`. Answers why not, in words, when it may not be done. */
  edit(operation: Operation, options: EditOptions = {}): { fault?: CanvasFault; changes: Changes } {
    const changes = noChanges()
    // The page may not show yet what somebody else has just added.
    const names = new Map<string, string>()
    const own = freed(this.canvas, operation, names)
    const fault = refusal(this.canvas, own, this.opaque())
    if (fault) return { fault, changes }
    noteRenamed(changes, names)
    // What is not undone here leaves what was taken back as it is.
    if (options.undoable !== false) this.undone.clear()
    this.act(own, { ...options, isNew: true }, this.done, changes)
    return { changes }
  }

  /** Kinds that this flow came with, whatever this installation knows. */
  private opaque(): Set<string> {
    return new Set([...this.canvas.nodes.values()].map(({ type }) => type))
  }

  /** Takes back this person's newest step that others have left something of. */
  undo(): Changes {
    return this.step(this.done, this.undone)
  }

  /** Does the newest step again that was taken back. */
  redo(): Changes {
    return this.step(this.undone, this.done)
  }

  /** What follows is a step of its own, whatever its group. */
  closeStep(): void {
    this.done.close()
  }

  private step(from: Steps, onto: Steps): Changes {
    const changes = noChanges()
    for (let operation = from.pop(); operation; operation = from.pop()) {
      const names = new Map<string, string>()
      const own = freed(this.canvas, operation, names, true)
      // What is there again, just as it was, need not be brought back.
      const left = withoutAdded(own, sameKeys(this.canvas, own))
      if (!left || !this.act(left, {}, onto, changes)) continue
      noteRenamed(changes, names)
      break
    }
    return changes
  }

  /** False when it changes nothing, and so is not an edit. */
  private act(
    operation: Operation,
    { group, undoable = true, isNew = false }: EditOptions & { isNew?: boolean },
    onto: Steps,
    changes: Changes,
  ): boolean {
    const last = this.pending.at(-1)
    if (
      last &&
      group !== undefined &&
      last.group === group &&
      // One that is sent again may have its place already.
      last.counter > this.sent &&
      writesSame(last.operation, operation)
    ) {
      last.applied?.revert()
      last.operation = operation
      this.put(last, changes)
      return true
    }
    const applied = apply(this.canvas, operation)
    // A text shows in the document once the server has placed it.
    if (!applied && operation.type !== "text") return false
    noteChanges(changes, operation, applied)
    const part: StepPart | undefined = undoable ? { inverse: applied?.inverse, isPlaced: false } : undefined
    if (part?.inverse) onto.push(part, group)
    this.pending.push({ ...unplaced, counter: ++this.counter, operation, isNew, group, part, applied })
    return true
  }

  /** Does a pending edit to the document as it is now. */
  private put(edit: Pending, changes: Changes): void {
    edit.applied = apply(this.canvas, edit.operation)
    if (edit.part) edit.part.inverse = edit.applied?.inverse
    noteChanges(changes, edit.operation, edit.applied)
  }

  private liftAll(): void {
    for (const edit of this.pending.toReversed()) {
      edit.applied?.revert()
      edit.applied = undefined
    }
  }

  /** Does all pending edits to the document as it is now; what they add under a name that is somebody else's by now gets another. */
  private putAll(changes: Changes): void {
    const names = new Map<string, string>()
    for (const edit of this.pending) {
      edit.operation = underNames(edit.operation, names)
      const own = freed(this.canvas, edit.operation, names, !edit.isNew)
      edit.isRenamed ||= own !== edit.operation
      edit.operation = own
      this.put(edit, changes)
    }
    noteRenamed(changes, names)
  }

  /**
   * Edits that were not sent yet, which are then held to be. While something has no place yet whose name somebody else may have given
   * too, all that is done after it waits: it may have to be called otherwise, and what was meant for it would reach somebody else's.
   */
  outgoing(most = 256): Edit[] {
    const out: Edit[] = []
    for (const edit of this.pending) {
      const { counter, operation } = edit
      if (!edit.isSent) {
        if (out.length === most || edit.after > this.seq) break
        edit.isSent = true
        edit.isRenamed = false
        this.sent = Math.max(this.sent, counter)
        out.push({ counter, operation: withoutDelta(operation) })
      }
      if (mayBeTaken(operation, this.number)) break
    }
    return out
  }

  /** The connection is gone: whatever has no place yet is sent again over the next one. */
  lost(): void {
    for (const edit of this.pending) edit.isSent = false
  }

  /** Edits in the server's order, from `first` on. Throws Gap when some are missing before them. */
  receive(first: number, edits: readonly Told[]): Changes {
    const changes = noChanges()
    if (edits.length === 0) return changes
    if (first !== this.seq + 1) throw new Gap(`expected edit ${this.seq + 1}, heard ${first}`)
    this.liftAll()
    let written: Written | undefined
    const spare = (): void => {
      if (!written) return
      this.done.spare(written)
      this.undone.spare(written)
      written = undefined
    }
    for (const { client, counter, operation } of edits) {
      const own = client === this.number ? this.placed(counter) : undefined
      if (own) spare()
      else if (client !== this.number) written = joined(written, writtenBy(operation, this.canvas.nodes))
      const applied = apply(this.canvas, operation)
      if (own?.part) Object.assign(own.part, { inverse: applied?.inverse, isPlaced: true })
      noteChanges(changes, operation, applied)
    }
    spare()
    this.seq += edits.length
    this.putAll(changes)
    return changes
  }

  /** The pending edit of that number, which is pending no longer. */
  private placed(counter: number): Pending | undefined {
    const at = this.pending.findIndex((one) => one.counter === counter)
    return at < 0 ? undefined : this.pending.splice(at, 1)[0]
  }

  /** The server has not taken an edit: its effect is taken back here, with all that has to do with what it would have added. */
  refused(counter: number): Changes {
    const changes = noChanges()
    this.liftAll()
    const edit = this.placed(counter)
    for (const one of edit ? [edit, ...hangingOn(edit, this.pending)] : []) {
      this.placed(one.counter)
      this.forget(one)
      noteChanges(changes, one.operation, undefined)
    }
    this.putAll(changes)
    return changes
  }

  /**
   * A name that an edit gives is somebody else's by now: it is sent again, and what it adds is called otherwise as soon as theirs is
   * here. Of what an undo brings back, what is there again is left out.
   */
  again(counter: number): Changes {
    const changes = noChanges()
    const edit = this.pending.find((one) => one.counter === counter)
    if (!edit) return changes
    this.liftAll()
    const isKnown = edit.isRenamed || takenKeys(this.canvas, edit.operation).size > 0
    // Whoever has the name will be heard of: what is told follows what was refused because of it.
    edit.after = isKnown ? 0 : this.seq + 1
    this.resend([edit])
    this.putAll(changes)
    return changes
  }

  /** Edits that the server has seen and not placed come after those that are on their way, under numbers that it has not seen. */
  private resend(edits: readonly Pending[]): void {
    const again = new Set(edits)
    for (const edit of edits) {
      edit.isSent = false
      if (edit.isNew) continue
      const left = withoutAdded(edit.operation, sameKeys(this.canvas, edit.operation))
      if (left) edit.operation = left
      else {
        again.delete(edit)
        this.forget(edit)
      }
    }
    const others = this.pending.filter((one) => !edits.includes(one))
    const [sent, unsent] = [others.filter(({ isSent }) => isSent), others.filter(({ isSent }) => !isSent)]
    this.pending = [...sent, ...again, ...unsent]
    this.counter = this.sent
    for (const edit of this.pending.slice(sent.length)) edit.counter = ++this.counter
  }

  private forget({ part }: Pending): void {
    if (!part) return
    this.done.drop(part)
    this.undone.drop(part)
  }

  /**
   * Everything up to `seq` is here after a connection came back, and the server has seen this window's edits up to `seen`: those
   * among them that have found no place were refused, and why was not heard. They are sent again, and whoever did them is told.
   */
  caughtUp(seen: number): Changes {
    const changes = noChanges()
    this.counter = Math.max(this.counter, seen)
    this.sent = Math.max(this.sent, seen)
    for (const edit of this.pending) edit.after = 0
    const refused = this.pending.filter(({ counter }) => counter <= seen)
    if (refused.length === 0) return changes
    this.liftAll()
    this.resend(refused)
    this.putAll(changes)
    return changes
  }

  /**
   * The whole document as it stands at `seq`: at the beginning, or when too much has happened to be told one by one. This window's
   * edits up to `seen` are in it, but for those that were refused.
   */
  reset(
    state: CanvasState,
    ids: readonly string[],
    seq: number,
    seen: number,
    refused: readonly number[] = [],
  ): Changes {
    this.liftAll()
    const isIn = ({ counter }: Edit): boolean => counter <= seen && !refused.includes(counter)
    const seenEdits = this.pending.filter(isIn)
    this.pending = this.pending.filter((edit) => !isIn(edit))
    this.counter = Math.max(this.counter, seen)
    this.sent = Math.max(this.sent, seen)
    for (const { operation, part } of seenEdits) {
      const applied = apply(this.canvas, operation)
      if (part) Object.assign(part, { inverse: applied?.inverse, isPlaced: true })
    }
    // What others have done meanwhile is what differs now: of that, nothing is taken back.
    const old = this.canvas
    this.canvas = canvasOf(state)
    this.refs = new Refs(ids)
    this.seq = seq
    const wasShown = this.hasDocument
    this.hasDocument = true
    const between = operationBetween(draftOf(old), draftOf(this.canvas))
    const written = between && writtenBy(between, this.canvas.nodes)
    if (written) {
      this.done.spare(written)
      this.undone.spare(written)
    }
    const changes = { ...noChanges(), all: true }
    for (const edit of this.pending) edit.after = 0
    this.putAll(changes)
    // What an earlier window had added this one has not shown yet: nobody works on it under its old name.
    if (!wasShown) changes.renamed.clear()
    return changes
  }
}
