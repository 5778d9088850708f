/** The tracks of a line of the waterfall: status and title, then the clock, then the duration. */
export const tracks = "grid grid-cols-[minmax(7rem,13rem)_minmax(0,1fr)_4rem] items-center gap-3 px-4"

/** In pixels, at a desk. */
export const lineHeight = 28
