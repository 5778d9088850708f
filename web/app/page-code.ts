/** The code of a page is not to be had: the network or the server is away, or a newer version has replaced it. */
export class LostCode extends Error {
  constructor(cause: unknown) {
    super("The code of this page could not be fetched.", { cause })
    this.name = "LostCode"
  }
}

/**
 * Fetches the code of a page. Left to itself the router reloads the window when that fails, which loses what is not saved and,
 * without a network, ends at the browser's own error page; so the page says what happened and leaves that to the person.
 */
export async function pageCode<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    throw new LostCode(cause)
  }
}
