/** The steps of a JSON pointer: `#/paths/~1orders/get` is paths, /orders, get. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .replace(/^[^#/]*#?\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))

/** A place in a document as a person reads it: "paths › /orders › get". */
export const sayPointer = (pointer: string): string => stepsOf(pointer).join(" › ")
