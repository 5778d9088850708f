import type * as worker from "#worker/index"

declare global {
  namespace Cloudflare {
    /** Tells `exports` of cloudflare:workers what the Worker under test exports. */
    interface GlobalProps {
      mainModule: typeof worker
    }
  }

  interface ImportMeta {
    /** Vite's: the texts of files, by their paths. */
    glob<T>(
      pattern: string,
      options: { query: "?raw"; import: "default"; eager: true } | { eager: true },
    ): Record<string, T>
  }
}
