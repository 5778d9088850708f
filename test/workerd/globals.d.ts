import type * as worker from "#worker/index"

declare global {
  namespace Cloudflare {
    /** Tells `exports` of cloudflare:workers what the Worker under test exports. */
    interface GlobalProps {
      mainModule: typeof worker
    }
  }
}
