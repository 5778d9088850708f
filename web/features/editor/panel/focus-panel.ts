/** Puts the keyboard into the panel's first field, once the panel shows what was chosen. */
export function focusPanel(): void {
  requestAnimationFrame(() => {
    document
      .querySelector<HTMLElement>(
        "[data-panel] :is(input, textarea, select, button[role=switch]):not(:disabled)",
      )
      ?.focus()
  })
}
