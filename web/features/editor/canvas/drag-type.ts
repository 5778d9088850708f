/** What a kind that is dragged from the palette travels as. */
export const dragType = "application/x-edgecrew-kind"
