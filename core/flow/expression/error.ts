export type ExpressionErrorCode =
  | "expression.syntax"
  | "expression.forbidden"
  | "expression.too_large"
  | "expression.timeout"
  | "expression.depth"
  | "expression.output"
  | "expression.failed"

/** The one way in which an expression or template says no; the message tells its author what to do. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError"
  readonly code: ExpressionErrorCode
  /** Where the fault was noticed: an offset in the source, or in the whole text for a template; often the end of the token at fault. */
  readonly position: number | undefined

  constructor(code: ExpressionErrorCode, message: string, position?: number) {
    super(message)
    this.code = code
    this.position = position
  }

  /** The same error as seen from a text that holds the expression at `offset`. */
  shifted(offset: number): ExpressionError {
    return new ExpressionError(this.code, this.message, (this.position ?? 0) + offset)
  }
}

/** An expression that is well formed but cannot be answered for this data. */
export const failed = (message: string, position?: number): ExpressionError =>
  new ExpressionError("expression.failed", message, position)

/** A source that nests more than its reader can follow. */
export const tooDeeplyNested = (): ExpressionError =>
  new ExpressionError(
    "expression.depth",
    "The expression nests too deeply. Break it up with variables, or over several nodes.",
  )
