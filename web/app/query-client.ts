import { MutationCache, QueryClient } from "@tanstack/react-query"
import { Failure, failures } from "#core/errors"
import { queryKeys } from "#web/api/query-keys.ts"

const mostRetries = 2

/** Tried again only where the failure table says that it may help; a refused request is refused at once. */
function mayRetry(count: number, error: unknown): boolean {
  if (count >= mostRetries) return false
  return error instanceof Failure
    ? failures[error.code].retry && error.status !== 429
    : error instanceof TypeError
}

/** A workspace that was suspended since the page was loaded says so above it, and not in the one refusal alone. */
const mutationCache = new MutationCache({
  onError: (error) => {
    if (error instanceof Failure && error.code === "tenant.suspended")
      void queryClient.invalidateQueries({ queryKey: queryKeys.me })
  },
})

export const queryClient = new QueryClient({
  mutationCache,
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
