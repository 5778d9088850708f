/** Where a program wants to go. */
export interface Target {
  host: string
  port: number
}

export const nameOf = ({ host, port }: Target): string => `${host}:${port}`

/** `host:port` of a CONNECT; undefined when it is malformed. */
export function connectTarget(authority: string): Target | undefined {
  const [, host, digits] = /^([a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?):([1-9]\d{0,4})$/i.exec(authority) ?? []
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host: host.toLowerCase(), port }
}

export interface Absolute extends Target {
  /** Path and query as they go to the host. */
  path: string
}

/** The target of a request in absolute form, `GET http://host:port/path`; undefined when it is malformed. */
export function absoluteTarget(address: string): Absolute | undefined {
  const [, authority = "", path = ""] = /^http:\/\/([^/?#@\s\\]+)([/?][^\s#\\]*)?$/i.exec(address) ?? []
  const target = connectTarget(authority.includes(":") ? authority : `${authority}:80`)
  return target === undefined ? undefined : { ...target, path: path.startsWith("/") ? path : `/${path}` }
}
