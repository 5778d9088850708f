/** What a kind that is dragged from the palette travels as. */
export const dragType = "application/x-edgecrew-kind"
/** Travels beside it when the kind can stand on an edge: what is dragged cannot be read before it is dropped. */
export const fittingType = "application/x-edgecrew-between"
/** The tool of a node that calls one, as JSON of its id and name. */
export const toolDragType = "application/x-edgecrew-tool"
