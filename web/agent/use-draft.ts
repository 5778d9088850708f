import { useCallback, useEffect, useRef, useState } from "react"
import type * as z from "zod"
import { Failure } from "#core/errors"
import { useFaultFocus } from "#web/ui/use-fault-focus.ts"

/** A definition as it was read: its version is what a write has to be on top of. */
export type Saved<D> = { draft: D; version: number }

/** What is wrong, by dotted path. */
export type Faults = Readonly<Record<string, string>>

type DraftOptions<D extends object> = {
  saved: Saved<D>
  /** The contract's own schema: the same words on both sides. */
  schema: z.ZodType<D>
  /** Writes on top of a version; throws `conflict.stale` where another one came in between. */
  write: (draft: D, onto: number) => Promise<Saved<D>>
  /** As it stands on the server now. */
  read: () => Promise<Saved<D>>
}

export type Draft<D extends object> = ReturnType<typeof useDraft<D>>

/** The version that was read guards the write: the server answers 412 when someone else wrote in between. */
export const onTopOf = (version: number) => ({ "if-match": `"v${version}"` })

const same = (one: object, other: object): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)

/** A definition that is edited and saved by a button: what differs, what is wrong with it, and who else has saved it. */
export function useDraft<D extends object>(options: DraftOptions<D>) {
  const { saved, schema } = options
  const { base, setBase, draft, setDraft, edition, put } = useHeld(saved)
  const { faults, failure, say, forget } = useSaid()
  const [isSaving, setSaving] = useState(false)
  const [isConflict, setConflict] = useState(false)
  const isDirty = !same(draft, base.draft)
  // The list behind the page has read a later version, and nothing here would be lost by it.
  if (saved.version > base.version && !isDirty && !isSaving) put(saved)

  /** Puts new values into fields. What was wrong with them goes; `touched` says with which parts, where not with all of it. */
  const set = useCallback(
    (patch: Partial<D>, touched: readonly string[] = Object.keys(patch)) => {
      setDraft((before) => ({ ...before, ...patch }))
      forget(touched)
    },
    [setDraft, forget],
  )

  const check = (): D | null => {
    const checked = schema.safeParse(draft)
    say(checked.success ? {} : faultsOf(checked.error.issues))
    return checked.success ? checked.data : null
  }

  const write = async (onto: number): Promise<boolean> => {
    const body = check()
    if (!body || isSaving) return false
    setSaving(true)
    try {
      const next = await options.write(body, onto)
      setBase(next)
      // What was typed meanwhile stays.
      setDraft((now) => (now === draft ? next.draft : now))
      setConflict(false)
      return true
    } catch (error) {
      setConflict(isStale(error))
      if (!isStale(error)) sayRefusal(error, say)
      return false
    } finally {
      setSaving(false)
    }
  }

  const adopt = useCallback(
    (next: Saved<D>) => {
      put(next)
      say({})
      setConflict(false)
    },
    [put, say],
  )

  return {
    draft,
    set,
    faults,
    failure,
    isDirty,
    isSaving,
    isConflict,
    version: base.version,
    /** Rises when another text takes the place of what stood in the fields: what a field keeps for itself is then void. */
    edition,
    check,
    save: () => write(base.version),
    adopt,
    revert: () => adopt(base),
    putOff: () => setConflict(false),
    keepMine: async () => write((await options.read()).version),
    loadTheirs: async () => adopt(await options.read()),
  }
}

const isStale = (error: unknown): boolean => error instanceof Failure && error.code === "conflict.stale"

/** What is saved, what stands in the fields, and how often another text has taken the place of what stood there. */
function useHeld<D extends object>(saved: Saved<D>) {
  const [base, setBase] = useState(saved)
  const [draft, setDraft] = useState(saved.draft)
  const [edition, setEdition] = useState(0)
  const put = useCallback((next: Saved<D>) => {
    setBase(next)
    setDraft(next.draft)
    setEdition((was) => was + 1)
  }, [])
  return { base, setBase, draft, setDraft, edition, put }
}

type Say = (faults: Faults, failure?: unknown) => void

/** What is wrong with fields, and what is wrong beside them. */
function useSaid() {
  const [faults, setFaults] = useState<Faults>({})
  const [failure, setFailure] = useState<unknown>(null)
  const leadToFault = useFaultFocus()
  const say = useCallback<Say>(
    (found, rest = null) => {
      setFaults(found)
      setFailure(rest)
      if (Object.keys(found).length > 0) leadToFault()
    },
    [leadToFault],
  )
  const forget = useCallback(
    (fields: readonly string[]) => setFaults((before) => untouched(before, fields)),
    [],
  )
  return { faults, failure, say, forget }
}

/** What the server refused stands beside its fields; anything else above them. */
function sayRefusal(error: unknown, say: Say): void {
  const found = error instanceof Failure ? faultsOf(error.more.errors ?? []) : {}
  say(found, Object.keys(found).length > 0 ? null : error)
}

/** Whether a path is a field or lies within it. */
export const isAt = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`)

/** What is wrong with a field, or with the first thing within it. */
export function faultWithin(faults: Faults, field: string): string | undefined {
  return faults[field] ?? Object.entries(faults).find(([path]) => isAt(path, field))?.[1]
}

/** The faults of one part, by their paths within it. */
export function faultsUnder(faults: Faults, field: string): Faults {
  const found = Object.entries(faults).filter(([path]) => path.startsWith(`${field}.`))
  return Object.fromEntries(found.map(([path, message]) => [path.slice(field.length + 1), message]))
}

type Said = { path: string | readonly PropertyKey[]; message: string }

/** By path; the first that is said of a field is enough. */
function faultsOf(list: readonly Said[]): Faults {
  const faults: Record<string, string> = {}
  for (const { path, message } of list) faults[typeof path === "string" ? path : path.join(".")] ??= message
  return faults
}

const untouched = (faults: Faults, fields: readonly string[]): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([path]) => !fields.some((one) => isAt(path, one))))

/** ⌘S saves. */
export function useSaveKey(save: () => void): void {
  const latest = useRef(save)
  useEffect(() => {
    latest.current = save
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "s" || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [])
}
