/** Where the server does not know its own address, a link begins with the page's. */
export const absolute = (address: string): string => new URL(address, location.origin).href
