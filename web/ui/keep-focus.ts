import { useState } from "react"

/** Where the focus was: the element, and the way up from it with its place among its siblings at each step. */
type Place = {
  element: HTMLElement
  /** The dialog or menu that it lies in, or the page. */
  layer: Element
  way: readonly { parent: Element; index: number }[]
  path: string
}

const focusable =
  "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1']), [contenteditable=true]"
/** One for each layer, the latest last: a menu's act opens a dialog, and the button that the menu hangs from is further back. */
let places: readonly Place[] = []
let isByKeys = false

function placeOf(element: HTMLElement): Place {
  const way: { parent: Element; index: number }[] = []
  for (let at: Element = element; at.parentElement; at = at.parentElement)
    way.push({ parent: at.parentElement, index: [...at.parentElement.children].indexOf(at) })
  const layer = element.closest("[role=dialog], [role=alertdialog], [role=menu]") ?? document.body
  return { element, layer, way, path: location.pathname }
}

const withPlace = (place: Place): readonly Place[] => [
  ...places.filter(({ layer }) => layer !== place.layer && layer.isConnected),
  place,
]

const isUsable = (element: HTMLElement): boolean =>
  element.isConnected &&
  !element.matches(":disabled") &&
  element.closest("[inert], [aria-hidden=true]") === null &&
  (element.checkVisibility?.() ?? true)

/** What can take the focus in some elements: their first, or their last. */
function within(elements: readonly Element[], end: "first" | "last"): HTMLElement | undefined {
  const all = elements
    .flatMap((one) => [one, ...one.querySelectorAll(focusable)])
    .filter((one): one is HTMLElement => one instanceof HTMLElement && one.matches(focusable))
  return end === "first" ? all.find(isUsable) : all.findLast(isUsable)
}

/** What now stands where an element was: the next one, else the one before it; the page itself where nothing around it is left. */
function nearest({ way, path }: Place): HTMLElement | undefined {
  if (path !== location.pathname) return undefined
  for (const { parent, index } of way) {
    if (parent.matches("main, #root, body")) return undefined
    if (!parent.isConnected) continue
    const children = [...parent.children]
    const found = within(children.slice(index), "first") ?? within(children.slice(0, index), "last")
    if (found) return found
    if (parent.matches("[role=dialog], [role=alertdialog]")) return parent as HTMLElement
  }
  return undefined
}

/** Puts the focus on the last of the places that is still there, or as near to it as can be. */
function goBackTo(trail: readonly Place[]): void {
  for (const place of trail.toReversed()) {
    const target = isUsable(place.element) ? place.element : nearest(place)
    target?.focus({ preventScroll: target !== place.element })
    if (target && document.activeElement === target) return
  }
  document.querySelector<HTMLElement>("main[tabindex]")?.focus({ preventScroll: true })
}

function isLost(): boolean {
  const { activeElement: now } = document
  return now === null || now === document.body || now.matches(":disabled")
}

/** Those who use the keyboard would begin anew at the top of the page when what they were at goes away. */
function mend(): void {
  const last = places.at(-1)
  // What is still there was left on purpose.
  if (isByKeys && last && isLost() && !isUsable(last.element)) goBackTo([last])
}

/** From now on the focus of who works by keys is never lost: a button that goes with its row, or that is switched off, hands it on. */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) places = withPlace(placeOf(target))
  })
  document.addEventListener("keydown", () => (isByKeys = true), true)
  for (const type of ["pointerdown", "wheel"] as const)
    document.addEventListener(type, () => (isByKeys = false), { capture: true, passive: true })
  let isDue = false
  const look = () => {
    if (isDue || !isLost()) return
    isDue = true
    // Menus and dialogs that close put the focus back by themselves, a moment later.
    requestAnimationFrame(() =>
      setTimeout(() => {
        isDue = false
        mend()
      }),
    )
  }
  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["disabled", "hidden", "inert"],
  })
}

function trailNow(): readonly Place[] {
  const { activeElement: now } = document
  const isKnown = places.at(-1)?.element === now
  return now instanceof HTMLElement && now !== document.body && !isKnown ? withPlace(placeOf(now)) : places
}

/** For a dialog: leads back to what had the focus when it opened, or to what is nearest to it now. */
export function useWayBack(open: boolean): (event: Event) => void {
  const [wasOpen, setWasOpen] = useState(false)
  const [trail, setTrail] = useState<readonly Place[]>([])
  // Noted before the dialog is there: a field of it with autoFocus takes the focus at once.
  if (open !== wasOpen) {
    setWasOpen(open)
    if (open) setTrail(trailNow())
  }
  return (event) => {
    event.preventDefault()
    // Another dialog may have opened in the meantime.
    if (isLost()) goBackTo(trail)
  }
}
