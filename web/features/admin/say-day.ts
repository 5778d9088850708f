const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" })

/** A day as people write it: "22 Dec 2026" in their order. */
export const sayDay = (at: string): string => day.format(Date.parse(at))
