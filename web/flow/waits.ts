/** How a page that follows a stream waits. */
export const waits = {
  /** With the frame; a page in the background gets none, and has to be told all the same. */
  soon(tell: () => void): void {
    if (document.hidden) setTimeout(tell, 200)
    else requestAnimationFrame(tell)
  },
  pause: (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2))
      signal.addEventListener("abort", () => {
        clearTimeout(timer)
        resolve()
      })
    }),
}
