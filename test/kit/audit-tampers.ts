import { hashOf, type SealedEntry } from "#core/audit/entry"
import { flipHex, linesOf, rechained, type AuditLog } from "./audit-log.ts"

/** Numbers below a bound, the same for the same seed (mulberry32). */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** What was done to a log, and the entry by which it must be found. */
export type Tampered = { what: string; seq: number; lines: string[] }

type Draw = (below: number) => number
type Tamper = (log: AuditLog, seq: number, draw: Draw) => Omit<Tampered, "what">

const withEntries = (log: AuditLog, entries: SealedEntry[]): string[] => [...linesOf({ ...log, entries })]

const edited = (log: AuditLog, seq: number, change: (one: SealedEntry) => SealedEntry) => ({
  seq,
  lines: withEntries(
    log,
    log.entries.map((one, i) => (i === seq - 1 ? change(one) : one)),
  ),
})

const texts = ["at", "actor", "action", "request_id", "target", "id"] as const

/** Ways to change what is past. Each draws where; the last entry is as good as any. */
const tampers: Record<string, Tamper> = {
  "edit a member": (log, seq, draw) => {
    const name = texts[draw(texts.length)]!
    return edited(log, seq, (one) => ({
      ...one,
      entry: { ...one.entry, [name]: `${one.entry[name] ?? ""}0` },
    }))
  },
  "edit a member and its hash": (log, seq) =>
    edited(log, seq, (one) => {
      const entry = { ...one.entry, actor: "user_00000000000000000000000099" }
      return { ...one, entry, hash: hashOf(entry) }
    }),
  "edit a member and make the chain anew": (log, seq) => {
    const entries = log.entries.map((one, i) =>
      i === seq - 1 ? { ...one, entry: { ...one.entry, actor: "system" } } : one,
    )
    return { seq, lines: withEntries(log, rechained(entries, seq)) }
  },
  "edit the details": (log, seq) =>
    edited(log, seq, (one) => ({ ...one, detail: { after: { name: "Nothing happened" } } })),
  "edit a number in the details": (log, seq) =>
    edited(log, seq, (one) => ({
      ...one,
      detail: { ...(one.detail as object), before: { name: "Älter", nodes: 99 } },
    })),
  "edit the hash": (log, seq, draw) =>
    edited(log, seq, (one) => ({ ...one, hash: flipHex(one.hash, draw(32)) })),
  "edit the key of the details": (log, seq, draw) =>
    edited(log, seq, (one) => ({ ...one, detail_key: flipHex(one.detail_key ?? "00", draw(32)) })),
  "edit the commitment": (log, seq, draw) =>
    edited(log, seq, (one) => ({
      ...one,
      entry: { ...one.entry, commitment: flipHex(one.entry.commitment, draw(32)) },
    })),
  "take the details away": (log, seq) =>
    edited(log, seq, (one) => ({ ...one, detail: null, detail_key: null })),
  "give an entry the details of another": (log, seq, draw) => {
    const other = log.entries[(seq + draw(log.entries.length - 1)) % log.entries.length]!
    return edited(log, seq, (one) => ({ ...one, detail: other.detail, detail_key: other.detail_key }))
  },
  "delete an entry": (log, seq) => ({ seq, lines: withEntries(log, log.entries.toSpliced(seq - 1, 1)) }),
  "delete some entries": (log, seq, draw) => ({
    seq,
    lines: withEntries(log, log.entries.toSpliced(seq - 1, 2 + draw(5))),
  }),
  "delete an entry and make the chain anew": (log, seq) => ({
    seq,
    lines: withEntries(log, rechained(log.entries.toSpliced(seq - 1, 1), seq)),
  }),
  "swap two entries": (log, first, draw) => {
    const second = ((first - 1 + 1 + draw(log.entries.length - 1)) % log.entries.length) + 1
    const entries = [...log.entries]
    entries[first - 1] = log.entries[second - 1]!
    entries[second - 1] = log.entries[first - 1]!
    return { seq: Math.min(first, second), lines: withEntries(log, entries) }
  },
  "swap two entries and their numbers": (log, first, draw) => {
    const second = ((first - 1 + 1 + draw(log.entries.length - 1)) % log.entries.length) + 1
    const entries = [...log.entries]
    entries[first - 1] = log.entries[second - 1]!
    entries[second - 1] = log.entries[first - 1]!
    const from = Math.min(first, second)
    return { seq: from, lines: withEntries(log, rechained(entries, from)) }
  },
  "say an entry twice": (log, seq) => ({
    seq,
    lines: withEntries(log, log.entries.toSpliced(seq, 0, log.entries[seq - 1]!)),
  }),
  "put an entry in": (log, seq) => {
    const added = { ...log.entries[seq - 1]!, detail: { after: { made: "up" } } }
    return { seq: seq + 1, lines: withEntries(log, rechained(log.entries.toSpliced(seq, 0, added), seq + 1)) }
  },
  "cut the end off": (log, seq) => {
    const lines = [...linesOf({ ...log, entries: log.entries.slice(0, seq - 1) })]
    return { seq, lines: lines.slice(0, -1) }
  },
  "cut entries off and keep the end": (log, seq) => {
    const lines = [...linesOf({ ...log, entries: log.entries.slice(0, seq - 1) })]
    return { seq, lines: [...lines.slice(0, -1), [...linesOf(log)].at(-1)!] }
  },
  "cut entries off and end with an older checkpoint's word": (log, seq) => ({
    seq,
    lines: [...linesOf({ ...log, entries: log.entries.slice(0, seq - 1) })],
  }),
  "cut the file within a line": (log, seq, draw) => {
    const lines = [...linesOf(log)]
    const at = lines.findIndex((one) => one.includes(`"seq":${seq},`))
    return { seq, lines: [...lines.slice(0, at), lines[at]!.slice(0, 1 + draw(lines[at]!.length - 2))] }
  },
  "say a member twice": (log, seq) => {
    const lines = [...linesOf(log)].map((one) =>
      one.includes(`"seq":${seq},`) ? one.replace('"actor":', '"actor":"system","actor":') : one,
    )
    return { seq, lines }
  },
  "put a space in": (log, seq) => ({
    seq,
    lines: [...linesOf(log)].map((one) =>
      one.includes(`"seq":${seq},`) ? one.replace('"seq":', '"seq": ') : one,
    ),
  }),
}

export const tamperNames = Object.keys(tampers)

/** The n-th tampering of a log, anywhere in it. */
export function tamper(log: AuditLog, n: number): Tampered {
  const draw = chanceOf(n)
  const what = tamperNames[n % tamperNames.length]!
  const seq = 1 + draw(log.entries.length)
  return { what, ...tampers[what]!(log, seq, draw) }
}
