/**
 * Ends this process on Ctrl-C, on SIGTERM and when its parent is gone. Everything that must end with it hangs on the
 * `exit` event, which has no time to wait: what is worth keeping is on disk already.
 */
export function endWithParent(exitCode: (signal: NodeJS.Signals) => number): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(exitCode(signal)))
  }
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.exit(exitCode("SIGTERM"))
  }, 250).unref()
}
