import { createContext } from "react"

/** What a schema is for, which decides what is said of its fields and where their faults stand. */
export type SchemaUse = {
  /** A model says the values, or a person fills in a form, whose fields have titles and names that expressions use. */
  by: "models" | "people"
  /** What is wrong with a field of the outermost object, by its name. */
  faults: ReadonlyMap<string, string>
}

export const SchemaUse = createContext<SchemaUse>({ by: "models", faults: new Map() })
