/** Why a socket's message, or one edit of it, was not taken: a code, and words for whoever sits before the canvas. */
export const canvasFaults = {
  "canvas.malformed": "This message could not be read. Reload the page: it may be of an older version.",
  "canvas.read_only": "You may look at this flow, but not change it.",
  "canvas.unknown_kind": "This installation has no such node kind.",
  "canvas.cyclic_parent": "A node cannot be put inside itself, or inside what it holds.",
  "canvas.bad_value": "This property cannot hold that value.",
  "canvas.too_large": "The flow would become too large.",
  "canvas.name_taken":
    "Somebody else has just added something under the same name. What you added was taken back: add it again.",
  "canvas.text_stale":
    "This text was replaced while you were away. Open the field again and look at what is there now.",
  "canvas.not_yours": "Only who wrote a comment can change it.",
  "canvas.too_fast": "Too much was sent at once. The connection was closed and comes back by itself.",
  "canvas.client_taken": "This window's name belongs to somebody else. Reload the page.",
  "canvas.superseded": "This window was opened again elsewhere.",
  "canvas.revoked": "You have no access to this flow any more.",
  "canvas.gone": "This flow was deleted.",
  "canvas.behind": "This window did not keep up. It comes back by itself.",
} as const
export type CanvasFaultCode = keyof typeof canvasFaults

export type CanvasFault = { code: CanvasFaultCode; message: string }

export const canvasFault = (code: CanvasFaultCode, message: string = canvasFaults[code]): CanvasFault => ({
  code,
  message,
})
