/** "1 node", "2,000 nodes". */
export const sayCount = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`
