/** Where to go after signing in: a path of this installation, never another site (`//evil`, `/\evil`, `javascript:`). */
export function localPath(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next)) return "/"
  const url = new URL(next, location.origin)
  return url.origin === location.origin ? url.pathname + url.search + url.hash : "/"
}
