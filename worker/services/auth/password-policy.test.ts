import { describe, expect, it } from "vitest"
import { commonPasswords } from "./common-passwords.ts"
import { isWeakPassword } from "./password-policy.ts"

const about = ["ana.ruiz@example.com", "Acme Corporation", "acme"]

describe("a password is weak", () => {
  it("when it is among the common ones, which are twelve characters or more", () => {
    expect(commonPasswords.size).toBeGreaterThan(400)
    for (const password of commonPasswords) {
      expect([password, password.length >= 12, isWeakPassword(password, [])]).toEqual([password, true, true])
    }
  })

  it.each([
    "Password12345!",
    "p@ssw0rdp@ssw0rd",
    "!!!Welcome2026",
    "qwertyqwerty12",
    "abcabcabcabc",
    "xyxyxyxyxyxy",
    "zzzzzzzzzzzzzzzz",
    "🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊",
    "123456789012",
    "987654321098",
    "abcdefghijklmn",
    "ana.ruiz-2026",
    "ana.ruiz@example.com",
    "AcmeCorporation1",
  ])("when it is %s", (password) => {
    expect(isWeakPassword(password, about)).toBe(true)
  })
})

describe("a password is good", () => {
  it.each([
    "violet-harbour-kite-77",
    "correct horse battery staple",
    "tK9#mQ2$vL7x",
    "abcde-fghjk-mnpqr-stuvw",
    "the rain in spain falls",
    "Пароль, который знаю только я",
    "acme wins by being kinder than globex",
    "🦊🦊 river 🐢 stone 42",
    "🦊🐢🌊🪨🌿🔥🌙⭐🍄🐝🧭🪁",
  ])("when it is %s", (password) => {
    expect(isWeakPassword(password, about)).toBe(false)
  })
})
