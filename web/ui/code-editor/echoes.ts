/**
 * What an editor has told and the page has not given back as its value yet. By the time it does more may have been typed, which
 * the earlier text must not take away again.
 */
export class Echoes {
  private told: string[] = []

  tell(text: string): void {
    this.told.push(text)
  }

  /** Whether a value is what was typed here, and not a text from elsewhere. */
  isOwn(value: string): boolean {
    const at = this.told.indexOf(value)
    this.told = at < 0 ? [] : this.told.slice(at + 1)
    return at >= 0
  }

  /** From here on the page's value holds, as when the editor is left. */
  forget(): void {
    this.told = []
  }
}
