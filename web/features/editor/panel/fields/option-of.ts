/** An allowed word as an option: "timed_out" reads "Timed out". */
export const optionOf = (word: string): { value: string; label: string } => ({
  value: word,
  label: word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " "),
})
