/** The tracks of a line: the name, the clock, the duration. */
export const tracks =
  "grid grid-cols-[max(7rem,min(36%,16rem))_minmax(0,1fr)_4.5rem] items-center gap-3 px-4 max-md:grid-cols-[max(6rem,36%)_minmax(0,1fr)_3.75rem] max-md:gap-2 max-md:px-3"

/** In pixels, for a mouse and for a finger. */
export const lineHeight = { fine: 28, coarse: 44 }
