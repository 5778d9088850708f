import type * as z from "zod"
import { authApi } from "#core/contract/auth"

export const choiceSchema = authApi.login.also[300].schema
export type Choice = z.infer<typeof choiceSchema>
export type Login = z.infer<(typeof authApi.login)["body"]>

/** The address that a tenant's name suggests: "Ødegård & Søn AS" gives "odegard-son-as". */
export function slugFrom(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("ø", "o")
    .replaceAll("ß", "ss")
    .replaceAll("æ", "ae")
    .replaceAll("ł", "l")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "")
}
