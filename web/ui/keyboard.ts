/** Whether a key pressed there is meant as text, so that no shortcut may take it. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"))
  )
}

/** Whether a menu or dialog is open and owns the keyboard. */
export function isOverlayOpen(): boolean {
  return (
    document.querySelector(
      "[role=dialog][data-state=open], [role=alertdialog][data-state=open], [role=menu][data-state=open]",
    ) !== null
  )
}
