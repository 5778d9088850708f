/** What the script's tag says. Only the key is needed. */
export type Options = {
  /** Where Edgecrew is: the script's own address. */
  host: string
  key: string
  /** Stands at the head; without it the partner's name. */
  title: string | null
  /** What is said before anything was. */
  greeting: string
  placeholder: string
  side: "left" | "right"
  theme: "auto" | "light" | "dark"
  isOpen: boolean
}

/** Null where the tag names no key: then there is nobody to talk with. */
export function optionsOf(tag: HTMLScriptElement): Options | null {
  const { key, title, greeting, placeholder, side, theme, open } = tag.dataset
  if (!key) return null
  return {
    host: new URL(tag.src, location.href).origin,
    key,
    title: title ?? null,
    greeting: greeting ?? "Hello! What can I do for you?",
    placeholder: placeholder ?? "Write a message",
    side: side === "left" ? "left" : "right",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    isOpen: open !== undefined && open !== "false",
  }
}
