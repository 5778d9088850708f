import type { ComponentType } from "react"
import type { JsonObject } from "#core/json"

export type SchemaFieldsProps = {
  schema: JsonObject
  onChange: (schema: JsonObject) => void
  readOnly: boolean
  /** How many objects and lists it lies in. */
  depth: number
}

/** What draws the inside of a property. It is handed down, since an object holds properties again. */
export type Inner = { inner: ComponentType<SchemaFieldsProps> }
