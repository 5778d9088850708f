/** A vendor's sentence made fit to be shown and kept: no key in it, one line, not long. */
export function redacted(text: string, secrets: readonly (string | undefined)[]): string {
  let shown = text
    .replace(/\b(?:Bearer|Basic)\s+[\w.~+/=*-]{6,}/gi, "[key]")
    .replace(/\b(?:sk|pk|rk|xai|gsk|key|api)[-_][\w*-]{6,}/gi, "[key]")
  for (const secret of secrets) if (secret) shown = shown.replaceAll(secret, "[key]")
  // oxlint-disable-next-line no-control-regex -- control signs could forge lines in a log
  shown = shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim()
  return shown.length > 300 ? `${shown.slice(0, 299)}…` : shown
}
