import type { Capability } from "#core/access/capabilities"
import type { ApiKeyId, SessionId } from "#core/ids"

/** By what somebody was let in and to what, so that it can be asked later whether they still may: roles sink, sessions end. */
export type Pass = ({ session: SessionId } | { key: ApiKeyId }) & {
  needs: Capability
  /** The thing it is a pass to, which may be shared with them no more. */
  about?: string
}

const header = "x-pass"

/** The Worker's word to an object on who comes in by a socket. */
export const withPass = (headers: Headers, pass: Pass | undefined): Headers => {
  if (pass) headers.set(header, JSON.stringify(pass))
  return headers
}

export function passIn({ headers }: Request): Pass | undefined {
  const text = headers.get(header)
  return text === null ? undefined : (JSON.parse(text) as Pass)
}

/** Every so often it is asked who may stay: with the time that takes, nobody who may not stays longer than 5 s. */
export const lookMs = 3_000

/** The code with which a socket is closed for those who may not stay; 44xx is for applications. */
export const shutOutCode = 4403
