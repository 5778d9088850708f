declare namespace Cloudflare {
  /** Tells `exports` of cloudflare:workers what the Worker under test exports. */
  interface GlobalProps {
    mainModule: typeof import("#worker/index")
  }
}
