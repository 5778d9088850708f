import { useCallback, useMemo, useState } from "react"
import { narrowed, rowsOf, type Offer, type OfferFilter, type OfferRow, type Settled } from "./offer.ts"

export type Offers = {
  rows: readonly OfferRow[]
  listed: readonly OfferRow[]
  filter: OfferFilter
  narrow: (change: { [K in keyof OfferFilter]?: OfferFilter[K] | undefined }) => void
  ticked: ReadonlySet<string>
  choose: (ticked: ReadonlySet<string>) => void
  settle: (key: string, change: Settled) => void
  /** Says beside those that were refused why, and lets go of those that were made. */
  hear: (refused: ReadonlyMap<string, string>, made: readonly string[]) => void
  opened: OfferRow | undefined
  open: (key: string | undefined) => void
  chosen: readonly OfferRow[]
  faulty: number
}

const noOffers: readonly Offer[] = []
const nothing: OfferFilter = { text: "" }

/** What was chosen of a list of offers, what was settled of each, and which of them are in view. */
export function useOffers(offers: readonly Offer[] = noOffers): Offers {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [settled, setSettled] = useState<ReadonlyMap<string, Settled>>(new Map())
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map())
  const [filter, setFilter] = useState(nothing)
  const [openedKey, open] = useState<string | undefined>()
  const rows = useRows(offers, ticked, settled, refused)
  const listed = useMemo(() => narrowed(rows, filter), [rows, filter])
  const chosen = useMemo(() => rows.filter((row) => row.isChosen), [rows])
  return {
    rows,
    listed,
    filter,
    narrow: useCallback(
      (change) =>
        setFilter((before) => {
          const { text = "", tag, risk, state } = { ...before, ...change }
          return { text, ...(tag && { tag }), ...(risk && { risk }), ...(state && { state }) }
        }),
      [],
    ),
    ticked,
    choose: setTicked,
    settle: useCallback((key, change) => {
      setSettled((before) => new Map(before).set(key, { ...before.get(key), ...change }))
      // What the server said holds until it is changed.
      setRefused((before) => without(before, key))
    }, []),
    hear: useCallback((said, made) => {
      setRefused(said)
      setTicked((before) => new Set([...before].filter((key) => !made.includes(key))))
    }, []),
    opened: rows.find(({ offer }) => offer.key === openedKey),
    open,
    chosen,
    faulty: chosen.filter((row) => row.fault !== undefined).length,
  }
}

function useRows(
  offers: readonly Offer[],
  chosen: ReadonlySet<string>,
  settled: ReadonlyMap<string, Settled>,
  refused: ReadonlyMap<string, string>,
): readonly OfferRow[] {
  const [held, setHeld] = useState<{ of: readonly unknown[]; rows: readonly OfferRow[] }>({
    of: [],
    rows: [],
  })
  const of = [offers, chosen, settled, refused]
  if (of.every((one, i) => one === held.of[i])) return held.rows
  const rows = rowsOf(offers, { chosen, settled, refused }, held.rows)
  setHeld({ of, rows })
  return rows
}

function without(map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> {
  if (!map.has(key)) return map
  const next = new Map(map)
  next.delete(key)
  return next
}
