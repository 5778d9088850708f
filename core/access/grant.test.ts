import { describe, expect, it } from "vitest"
import { ApiKeyId, UserId } from "#core/ids"
import { allCapabilities } from "./capabilities.ts"
import { isNarrower, mayGrant } from "./grant.ts"
import { Role, type Actor } from "./roles.ts"

const person = (role: Role): Actor => ({
  is: "user",
  id: UserId.parse("user_01JD0000000000000000000000"),
  role,
})
const key = (...scopes: (typeof allCapabilities)[number][]): Actor => ({
  is: "api_key",
  id: ApiKeyId.parse("key_01JD0000000000000000000000"),
  role: "admin",
  scopes,
})

describe("giving a role", () => {
  it("is for those who can do all that it can", () => {
    const given = Role.options.map((by) => [by, Role.options.filter((role) => mayGrant(person(by), role))])
    expect(Object.fromEntries(given)).toEqual({
      admin: ["admin", "editor", "viewer", "executor"],
      editor: ["editor", "viewer", "executor"],
      viewer: ["viewer"],
      executor: ["viewer", "executor"],
    })
  })

  it("by a key goes as far as its scopes, not as its owner", () => {
    expect(Role.options.filter((role) => mayGrant(key("user.edit"), role))).toEqual([])
    expect(Role.options.filter((role) => mayGrant(key(...allCapabilities), role))).toEqual(Role.options)
  })

  it("narrows when anything is lost", () => {
    expect(isNarrower("viewer", "admin")).toBe(true)
    expect(isNarrower("admin", "viewer")).toBe(false)
    expect(isNarrower("editor", "editor")).toBe(false)
    expect(isNarrower("executor", "editor")).toBe(true)
    expect(isNarrower("editor", "executor")).toBe(false)
  })
})
