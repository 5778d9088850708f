/** Where to go after signing in: a path of this installation, never another site (`//evil`, `/\evil`, `javascript:`). */
export function localPath(next: string | undefined): string {
  if (!next?.startsWith("/")) return "/"
  const url = new URL(next, location.origin)
  // Asked of what comes out, for the parser makes `//evil` of `/..//evil` too.
  if (url.origin !== location.origin || url.pathname.startsWith("//")) return "/"
  return url.pathname + url.search + url.hash
}
