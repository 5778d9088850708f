import type { IncomingHttpHeaders } from "node:http"
import {
  isObject,
  piecesOf,
  Refusal,
  startVendorServer,
  type Asked,
  type Protocol,
  type Said,
} from "./vendor-server.ts"

export const geminiKey = "AIza-test-0123456789"

/** A stand-in for Google's Gemini API. https://ai.google.dev/api/generate-content */
export const startGeminiServer = () => startVendorServer(protocol)

const wrong = (message: string) => new Refusal(400, "INVALID_ARGUMENT", message)
const statuses: Record<string, string> = {
  rate: "RESOURCE_EXHAUSTED",
  server: "INTERNAL",
  overloaded: "UNAVAILABLE",
  not_found: "NOT_FOUND",
}

const known = new Set(
  "contents systemInstruction generationConfig tools toolConfig safetySettings cachedContent labels serviceTier".split(
    " ",
  ),
)
const knownSettings = new Set(
  "maxOutputTokens temperature topK topP stopSequences responseMimeType responseSchema responseJsonSchema responseModalities thinkingConfig seed presencePenalty frequencyPenalty mediaResolution audioTimestamp imageConfig".split(
    " ",
  ),
)

const protocol: Protocol = {
  base: "/v1beta",
  authorise: (headers) => {
    if (headers["x-goog-api-key"] !== geminiKey)
      throw new Refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
  },
  isModels: (path) => /^\/v1beta\/models(?:\?|$)/.test(path),
  models: (names) => ({
    models: [
      ...names.map((name) => ({ name: `models/${name}`, supportedGenerationMethods: ["generateContent"] })),
      { name: "models/embedding", supportedGenerationMethods: ["embedContent"] },
    ],
  }),
  check,
  frames,
  refusal: ({ status, kind, message }) => ({
    error: { code: status, message, status: statuses[kind] ?? kind },
  }),
  errorFrame: frame({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
}

function check(path: string, headers: IncomingHttpHeaders, body: unknown): Asked {
  const model = /^\/v1beta\/models\/([\w.-]+):streamGenerateContent\?alt=sse$/.exec(path)?.[1]
  if (model === undefined) throw new Refusal(404, "NOT_FOUND", `${path} is not found`)
  if (!headers["content-type"]?.startsWith("application/json") || !isObject(body))
    throw wrong("Invalid JSON payload")
  const { contents, tools, generationConfig: settings = {} } = body
  if (!isObject(settings)) throw wrong("generationConfig")
  for (const key of Object.keys(body)) if (!known.has(key)) throw wrong(`Unknown name "${key}"`)
  for (const key of Object.keys(settings))
    if (!knownSettings.has(key)) throw wrong(`Unknown name "${key}" at 'generation_config'`)
  if (!Array.isArray(contents) || contents.length === 0) throw wrong("contents is not specified")
  contents.forEach(checkContent)
  for (const part of contents.flatMap(partsOf)) checkSignature(model, part)
  const last = partsOf(contents.at(-1))
  const declared = Array.isArray(tools) ? tools.flatMap((one: unknown) => declarationsOf(one)) : []
  const schema = settings["responseJsonSchema"] ?? settings["responseSchema"]
  return {
    model,
    last: last.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join(""),
    tools: declared,
    schema: isObject(schema) ? schema : undefined,
    hasResults: last.some((part) => isObject(part["functionResponse"])),
  }
}

const partsOf = (content: unknown): Record<string, unknown>[] => {
  const parts = isObject(content) ? content["parts"] : undefined
  return Array.isArray(parts) ? parts.filter(isObject) : []
}

function checkContent(content: unknown, i: number): void {
  if (!isObject(content) || (content["role"] !== "user" && content["role"] !== "model"))
    throw wrong("Please use a valid role: user, model.")
  const parts = partsOf(content)
  if (parts.length === 0) throw wrong(`contents[${i}].parts must not be empty`)
  for (const part of parts) {
    const { text, inlineData, functionCall, functionResponse } = part
    const isImage = isObject(inlineData) && inlineData["mimeType"] && inlineData["data"]
    const isResponse =
      isObject(functionResponse) && functionResponse["name"] && isObject(functionResponse["response"])
    if (typeof text !== "string" && !isImage && !isObject(functionCall) && !isResponse)
      throw wrong(`contents[${i}].parts: required oneof field 'data' must have one initialized field`)
  }
}

const signatureOf = (name: unknown): string => `signed-${String(name)}`

/** Gemini 3 refuses calls of its own that come back without what it signed them with. */
function checkSignature(model: string, { functionCall, thoughtSignature }: Record<string, unknown>): void {
  if (!model.startsWith("gemini-3") || !isObject(functionCall)) return
  if (thoughtSignature !== signatureOf(functionCall["name"]))
    throw wrong("Function call is missing a thought_signature in functionCall parts.")
}

function declarationsOf(tool: unknown): Asked["tools"] {
  const list = isObject(tool) ? tool["functionDeclarations"] : undefined
  if (!Array.isArray(list))
    throw wrong("tools[0].tool_type: required one_of 'tool_type' must have one initialized field")
  return list.filter(isObject).map((one) => {
    if (!/^[A-Za-z_][\w.:-]{0,127}$/.test(String(one["name"]))) throw wrong("Invalid function name")
    return { name: String(one["name"]), schema: isObject(one["parameters"]) ? one["parameters"] : {} }
  })
}

function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`
}

const usages = {
  true: { promptTokenCount: 12, candidatesTokenCount: 9, totalTokenCount: 21 },
  huge: {
    promptTokenCount: 1_000_000_000,
    candidatesTokenCount: 1_000_000_000,
    totalTokenCount: 2_000_000_000,
  },
  none: undefined,
  classes: {
    promptTokenCount: 35,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 9,
    thoughtsTokenCount: 4,
    totalTokenCount: 48,
  },
}

function frames({ model }: Asked, { text, tool, usage, finish }: Said): string[] {
  const usageMetadata = usages[usage]
  const chunk = (parts: unknown[], finishReason?: string) =>
    frame({
      candidates: [
        { content: { parts, role: "model" }, index: 0, ...(finishReason ? { finishReason } : {}) },
      ],
      ...(usageMetadata ? { usageMetadata } : {}),
      modelVersion: model,
      responseId: "resp_test",
    })
  const call = tool
    ? {
        functionCall: { name: tool.name, args: JSON.parse(tool.arguments) as unknown },
        thoughtSignature: signatureOf(tool.name),
      }
    : undefined
  const last = finish === "none" ? undefined : finish === "length" ? "MAX_TOKENS" : "STOP"
  return [
    ...piecesOf(text).map((piece) => chunk([{ text: piece }])),
    ...(call ? [chunk([call])] : []),
    ...(last ? [chunk([{ text: "" }], last)] : []),
  ]
}
