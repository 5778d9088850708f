import { useMemo, useState } from "react"
import { nodeKey } from "#core/execution/state"
import { splitKey, wholeView } from "#web/flow/scope-path.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { cardAt, outlineOf, type Card, type Outline } from "../model/room.ts"
import { drawn } from "../model/room-drawing.ts"
import { triedOf, useWatch } from "../watch.ts"

/** The crew or agent whose inside is looked at; undefined where the flow itself is. */
export function useRoomKey(): string | undefined {
  const watch = useWatch()
  const { scope } = watch.selection
  return watch.flow.roomOf(scope) ?? (scope === "" ? triedOf(watch) : undefined)
}

export type Apart = boolean | undefined

export type Room = {
  key: string
  outline: Outline
  graph: ReturnType<typeof drawn>
  /** The card that what is selected belongs to. */
  selected: Card | undefined
  select: (id: string | null) => void
  apart: Apart
  setApart: (apart: boolean) => void
}

/** Ids of cards are keys and places of the execution already. */
export const roomView = wholeView

/** What goes on inside of a crew or an agent, drawn anew only when somebody or something is added. */
export function useRoom(key: string): Room {
  const watch = useWatch()
  const { live, flow, selection } = watch
  const [apart, setApart] = useState<Apart>(undefined)
  const shape = useLive(live, (one) => one.steps.shape)
  const outline = useMemo(
    () => outlineOf(live, flow, key, apart),
    // The state changes in place; its shape says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, flow, key, apart, shape],
  )
  // Compared as text: one more piece of work behind a card that is there already makes no other drawing.
  const line = JSON.stringify(outline.cards, (name, value: unknown) => (name === "keys" ? undefined : value))
  const graph = useMemo(() => drawn(JSON.parse(line) as Card[]), [line])
  const { scope, node } = selection
  const selected = useMemo(() => {
    const step = node === null ? scope : nodeKey(node, scope)
    return step === "" || step === key ? undefined : cardAt(outline.cards, step)
  }, [outline, key, node, scope])
  const select = (id: string | null) => {
    if (id === null) return selection.choose(triedOf(watch) === key ? "" : key)
    const card = cardAt(outline.cards, id)
    const { node_id, scope: under } = splitKey(card?.keys.length === 1 ? card.keys[0]! : id)
    selection.select(node_id, under)
    return undefined
  }
  return { key, outline, graph, selected, select, apart, setApart }
}
