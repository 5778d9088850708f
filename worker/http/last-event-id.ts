/** Where a stream goes on that broke off, as an EventSource says it; 0 where nobody says. */
export function lastEventId(headers: Headers): number {
  const id = Number(headers.get("last-event-id") ?? 0)
  return Number.isSafeInteger(id) && id >= 0 ? id : 0
}
