import { QueryClient } from "@tanstack/react-query"
import { Failure, failures } from "#core/errors"

const mostRetries = 2

/** Tried again only where the failure table says that it may help; a refused request is refused at once. */
function mayRetry(count: number, error: unknown): boolean {
  if (count >= mostRetries) return false
  return error instanceof Failure
    ? failures[error.code].retry && error.status !== 429
    : error instanceof TypeError
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // A server on this very machine answers without a network, and a page that waits for one would wait in silence.
    queries: {
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      retry: mayRetry,
      retryDelay: (count) => 400 * 2 ** count,
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
})
