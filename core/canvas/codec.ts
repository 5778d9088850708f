import { Malformed, type Reader, type Writer } from "./bytes.ts"
import type { Delta, Operation, SingleOperation } from "./operation.ts"
import type { Refs } from "./refs.ts"

/** The first byte of an operation. Numbers are part of the protocol: they are added to and never changed. */
const codes = { add: 1, remove: 2, move: 3, nest: 4, set: 5, field: 6, text: 7, remark: 8, batch: 9 } as const

/** Properties that are written often, by their number; part of the protocol like the codes. */
const fields = [
  "label",
  "size",
  "data.prompt",
  "data.system",
  "data.value",
  "data.source",
  "data.text",
  "data.task",
  "data.input",
  "data.inputs",
  "data.model",
  "data.url",
  "data.body",
  "data.branches",
  "data.classes",
]
const fieldNumbers = new Map(fields.map((field, i) => [field, i + 1]))

/** Writes an operation. Ids that have a number are written as that. */
export function writeOperation(to: Writer, operation: Operation, refs: Refs): void {
  if (operation.type !== "batch") return writeSingle(to, operation, refs)
  to.byte(codes.batch).count(operation.operations.length)
  for (const one of operation.operations) writeSingle(to, one, refs)
}

function writeSingle(to: Writer, operation: SingleOperation, refs: Refs): void {
  switch (operation.type) {
    case "add":
      to.byte(codes.add).json({ nodes: operation.nodes, edges: operation.edges })
      return
    case "remove":
      to.byte(codes.remove).count(operation.nodes.length)
      for (const id of operation.nodes) writeId(to, id, refs)
      to.count(operation.edges.length)
      for (const id of operation.edges) to.text(id)
      return
    case "move":
      to.byte(codes.move).count(operation.moves.length)
      for (const { id, x, y } of operation.moves) writeId(to, id, refs).coordinate(x).coordinate(y)
      return
    case "nest":
      to.byte(codes.nest).count(operation.moves.length)
      for (const { id, parent_id, x, y } of operation.moves) {
        writeId(to, id, refs)
        if (parent_id === null) to.byte(0)
        else writeId(to.byte(1), parent_id, refs)
        to.coordinate(x).coordinate(y)
      }
      return
    case "set":
      writeId(to.byte(codes.set), operation.node, refs)
      writeField(to, operation.field).json(operation.value)
      return
    case "field":
      to.byte(codes.field).text(operation.field).json(operation.value)
      return
    case "text":
      writeId(to.byte(codes.text), operation.node, refs)
      writeField(to, `data.${operation.field}`).count(operation.epoch).blob(operation.update)
      writeDelta(to, operation.delta)
      return
    case "comment":
    case "reword":
    case "resolve":
      to.byte(codes.remark).json(operation)
      return
    default:
      operation satisfies never
  }
}

export function writeId(to: Writer, id: string, refs: Refs): Writer {
  const number = refs.numberOf(id)
  return number === undefined ? to.count(0).text(id) : to.count(number + 1)
}

export function readId(from: Reader, refs: Refs): string {
  const number = from.count()
  if (number === 0) return from.text()
  const id = refs.idOf(number - 1)
  if (id === undefined) throw new Malformed("it names a node that there never was")
  return id
}

function writeField(to: Writer, field: string): Writer {
  const number = fieldNumbers.get(field)
  return number === undefined ? to.count(0).text(field) : to.count(number)
}

function readField(from: Reader): string {
  const number = from.count()
  const field = number === 0 ? from.text() : fields[number - 1]
  if (field === undefined) throw new Malformed("it names no property")
  return field
}

/** One more than how many parts there are, 0 for no delta; a part is a text (0), a run to keep (1) or to delete (2). */
function writeDelta(to: Writer, delta: Delta | undefined): void {
  to.count(delta === undefined ? 0 : delta.length + 1)
  for (const part of delta ?? []) {
    if (typeof part === "string") to.byte(0).text(part)
    else to.byte(part < 0 ? 2 : 1).count(Math.abs(part))
  }
}

function readDelta(from: Reader): Delta | undefined {
  const length = from.count()
  if (length === 0) return undefined
  return times(length - 1, () => {
    const kind = from.byte()
    if (kind === 0) return from.text()
    return kind === 1 ? from.count() : -from.count()
  })
}

function times<T>(count: number, one: () => T): T[] {
  const all: T[] = []
  for (let i = 0; i < count; i++) all.push(one())
  return all
}

/** Reads what claims to be an operation; whether it is one says the schema. */
export function readOperation(from: Reader, refs: Refs): unknown {
  const code = from.byte()
  if (code !== codes.batch) return readSingle(code, from, refs)
  return { type: "batch", operations: times(from.many(), () => readSingle(from.byte(), from, refs)) }
}

function readSingle(code: number, from: Reader, refs: Refs): unknown {
  switch (code) {
    case codes.add:
      return { type: "add", ...objectOf(from.json()) }
    case codes.remove:
      return {
        type: "remove",
        nodes: times(from.many(), () => readId(from, refs)),
        edges: times(from.many(), () => from.text()),
      }
    case codes.move:
      return {
        type: "move",
        moves: times(from.many(), () => ({
          id: readId(from, refs),
          x: from.coordinate(),
          y: from.coordinate(),
        })),
      }
    case codes.nest:
      return {
        type: "nest",
        moves: times(from.many(), () => ({
          id: readId(from, refs),
          parent_id: from.byte() === 0 ? null : readId(from, refs),
          x: from.coordinate(),
          y: from.coordinate(),
        })),
      }
    case codes.set:
      return { type: "set", node: readId(from, refs), field: readField(from), ...valueOf(from.json()) }
    case codes.field:
      return { type: "field", field: from.text(), ...valueOf(from.json()) }
    case codes.text:
      return readText(from, refs)
    case codes.remark:
      return from.json()
    default:
      throw new Malformed("it is no operation that there is")
  }
}

function readText(from: Reader, refs: Refs): unknown {
  const [node, field, epoch, update] = [
    readId(from, refs),
    readField(from).slice("data.".length),
    from.count(),
    from.blob().slice(),
  ]
  const delta = readDelta(from)
  return { type: "text", node, field, epoch, update, ...(delta === undefined ? {} : { delta }) }
}

const valueOf = (value: unknown): { value?: unknown } => (value === undefined ? {} : { value })

/** Only what an operation of this kind may say: a `type` inside would make another of it. */
function objectOf(value: unknown): object {
  if (typeof value !== "object" || value === null || "type" in value) throw new Malformed("it is no object")
  return value
}
