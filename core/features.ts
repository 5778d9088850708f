import * as z from "zod"

/** What the operator of an installation may switch off, each with the sentence that the admin panel says of it. */
export const features = {
  registration: "Anybody may create a workspace",
  openai_endpoint: "Programs may speak the OpenAI protocol at /v1",
  widget: "Chats may stand in other sites' pages",
  hosted_forms: "Flows may be started by hosted forms",
} as const

export type FeatureName = keyof typeof features

export const featureNames = Object.keys(features) as [FeatureName, ...FeatureName[]]

export const FeatureName = z.enum(featureNames)
