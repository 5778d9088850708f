/** Rises with each change of a socket message; `test/wire` pins every schema to it. */
export const protocolVersion = 6
