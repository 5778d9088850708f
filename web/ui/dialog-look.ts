// Radix's own Overlay locks scrolling by a <style> element, which our policy refuses. Nothing behind scrolls anyway:
// the page is fixed and its panes are inert while a dialog is open.
export const scrimLook = "fixed inset-0 z-40 animate-appear bg-scrim"

/** In the upper middle of a screen; on a phone a sheet from the bottom. */
export const sheetLook =
  "fixed z-50 flex flex-col bg-raised shadow-float outline-none max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[92dvh] max-md:rounded-t-lg max-md:data-[state=open]:animate-sheet-in max-md:data-[state=closed]:animate-sheet-out md:top-[12vh] md:left-1/2 md:max-h-[76vh] md:w-[calc(100vw-3rem)] md:-translate-x-1/2 md:rounded-lg md:data-[state=open]:animate-appear md:data-[state=closed]:animate-vanish"

export const widths = {
  sm: "md:max-w-[26rem]",
  md: "md:max-w-[32rem]",
  lg: "md:max-w-[46rem]",
  xl: "md:max-w-[60rem]",
}
