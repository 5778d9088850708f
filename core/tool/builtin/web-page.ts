import { isJsonObject, type Json } from "#core/json"
import { argumentsOf, builtin, textIn } from "./builtin.ts"
import { pageText } from "./page-text.ts"

/** Reads a page of the web as text. The request is a GET without credentials, through the same guard as everything else. */
export const webPage = builtin(
  "web_page",
  {
    description:
      "Reads a page of the web by its address and tells its text. Use it when the answer stands on a page.",
    input_schema: argumentsOf({
      url: {
        type: "string",
        minLength: 8,
        maxLength: 2_000,
        pattern: "^https?://",
        description: "https://…",
      },
    }),
  },
  {
    is: "page",
    request: (args) => ({
      url: textIn(args, "url"),
      headers: { accept: "text/html, text/plain;q=0.9, application/json;q=0.8, */*;q=0.1" },
      most_bytes: 2_097_152,
    }),
    read: (body, contentType) => ({ text: textOf(body, contentType) }),
  },
)

function textOf(body: Json, contentType: string): string {
  if (typeof body !== "string") {
    return isJsonObject(body) && typeof body["base64"] === "string"
      ? "The address answers with a file that is not text."
      : JSON.stringify(body)
  }
  return /html|xml/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(body) ? pageText(body) : body
}
