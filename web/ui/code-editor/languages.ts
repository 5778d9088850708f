import type { Extension } from "@codemirror/state"
import type { CodeLanguage } from "./model.ts"

/** Each language is fetched when it is first written in. */
const languages: Record<CodeLanguage, () => Promise<Extension>> = {
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  python: async () => (await import("@codemirror/lang-python")).python(),
  json: async () => (await import("@codemirror/lang-json")).json(),
  shell: async () => {
    const [{ StreamLanguage }, { shell }] = await Promise.all([
      import("@codemirror/language"),
      import("@codemirror/legacy-modes/mode/shell"),
    ])
    return StreamLanguage.define(shell)
  },
  text: async () => [],
}

/** The grammar of a language; none where it cannot be fetched, and the text then has no colours. */
export const grammarOf = (language: CodeLanguage): Promise<Extension> =>
  languages[language]().catch((): Extension => [])
