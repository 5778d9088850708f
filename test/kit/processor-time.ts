/**
 * The processor time in milliseconds that this thread spends on a piece of work. Other work of the machine delays a
 * test and leaves this figure alone, so that a bound on it can be as tight as the code deserves.
 */
export function processorTime(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
