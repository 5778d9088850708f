const names: Record<string, string> = {
  " ": "space",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Escape: "esc",
}

const isSign = (key: string): boolean => key.length === 1 && key.toLowerCase() === key.toUpperCase()

type Pressed = Pick<KeyboardEvent, "key" | "code" | "altKey" | "shiftKey" | "metaKey" | "ctrlKey">

/**
 * A press as shortcuts are written: `mod+g`, `shift+up`, `?`. With Alt by the key's place, since Apple's keyboards then write other
 * letters; a sign stands for itself, whatever it takes to type it, but for the digits.
 */
export function comboOf({ key, code, altKey, shiftKey, metaKey, ctrlKey }: Pressed): string {
  const mod = metaKey || ctrlKey
  const digit = /^Digit(\d)$/.exec(code)?.[1]
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()
  const bare =
    shiftKey && digit !== undefined && !mod
      ? digit
      : altKey && letter !== undefined
        ? letter
        : (names[key] ?? key.toLowerCase())
  const isShift = shiftKey && (bare === digit || bare === "space" || !isSign(bare))
  return [isShift && "shift", altKey && "alt", mod && "mod", bare].filter(Boolean).join("+")
}
