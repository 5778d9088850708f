/** What is waited for is on its way over the network; whoever waits longer has turned to something else. */
const longestMs = 10_000

/**
 * Puts the keyboard somewhere as soon as that is there: its code may be on the way. `act` answers whether it was. Who presses
 * something meanwhile is left alone.
 */
export function focusSoon(act: () => boolean): void {
  const until = performance.now() + longestMs
  const over = new AbortController()
  const look = () => {
    if (over.signal.aborted || performance.now() > until || act()) return over.abort()
    requestAnimationFrame(look)
  }
  requestAnimationFrame(() => {
    if (act()) return
    for (const type of ["keydown", "pointerdown"])
      document.addEventListener(type, () => over.abort(), { capture: true, signal: over.signal })
    requestAnimationFrame(look)
  })
}
