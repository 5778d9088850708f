import { describe, expect, it } from "vitest"
import { mask, maskExcerpt } from "./redact.ts"

const masked = (text: string): string => mask(text).text

describe("what is masked", () => {
  it.each([
    ["Write to ana.silva+work@mail.example.co.uk today", "Write to [email] today"],
    ["<bo@example.com>,cy@example.org", "<[email]>,[email]"],
    ["josé@exämple.de", "[email]"],
    ["ana@localhost", "[email]"],
  ])("[RD1] addresses: %s", (text, expected) => expect(masked(text)).toBe(expected))

  it.each([
    ["Call +49 30 901820 now", "Call [phone] now"],
    ["+1-202-555-0143", "[phone]"],
    ["(0171) 234 56 78", "[phone]"],
    ["0171/2345678", "[phone]"],
    ["(202) 555-0143", "[phone]"],
    ["202-555-0143", "[phone]"],
    ["0049 30 901820", "[phone]"],
  ])("[RD2] telephone numbers: %s", (text, expected) => expect(masked(text)).toBe(expected))

  it.each([
    ["4111 1111 1111 1111", "[card]"],
    ["card 5500-0055-5555-5559.", "card [card]."],
    ["378282246310005", "[card]"],
  ])("[RD3] card numbers that pass Luhn: %s", (text, expected) => expect(masked(text)).toBe(expected))

  it.each([
    ["DE89 3704 0044 0532 0130 00 is mine", "[iban] is mine"],
    ["gb82west12345698765432", "[iban]"],
    ["FR1420041010050500013M02606", "[iban]"],
    ["IBAN:NO9386011117947", "IBAN:[iban]"],
  ])("[RD4] account numbers that pass their check: %s", (text, expected) =>
    expect(masked(text)).toBe(expected),
  )

  it.each([
    [`key sk-${"a1".repeat(12)}`, "key [key]"],
    [`eck_${"A".repeat(43)}`, "[key]"],
    [`ghp_${"b2".repeat(18)}`, "[key]"],
    ["AKIAIOSFODNN7EXAMPLE", "[key]"],
    [`eyJhbGciOiJIUzI1NiJ9.${"c".repeat(20)}.${"d".repeat(20)}`, "[key]"],
    [`Authorization: Bearer ${"e".repeat(24)}`, "Authorization: Bearer [key]"],
    [`-----BEGIN RSA PRIVATE KEY-----\nMIIE+/==\n-----END RSA PRIVATE KEY-----`, "[key]"],
  ])("[RD5] keys: %s", (text, expected) => expect(masked(text)).toBe(expected))

  it("[RD6] all of them in one text, and says how many", () => {
    const { text, found } = mask("a@b.de, +49 30 901820, 4111111111111111, DE89370400440532013000, a2@b.de")
    expect(text).toBe("[email], [phone], [card], [iban], [email]")
    expect(found).toEqual({ email: 2, phone: 1, card: 1, iban: 1, key: 0 })
  })
})

describe("what is not masked", () => {
  it.each([
    "2026-11-22 and 22.11.2026, 14:30",
    "2026-11-22T14:30:00.000Z",
    "4111 1111 1111 1112 fails Luhn",
    "DE00 3704 0044 0532 0130 00 fails its check",
    "Order 1234567890123 of 1700000000000 ms",
    "0.123456789012 and 3.14159265358979",
    "flow_01JD0000000000000000000000",
    "192.168.100.200:8787",
    "task-force, risk-averse, sk-",
    "me @ home",
    "v1.22.333.4444",
  ])("[RD7] %s", (text) => expect(masked(text)).toBe(text))
})

describe("excerpts that were cut", () => {
  it.each([
    ["Pay with 4111 1111 11…", "Pay with [number]…"],
    ["Mail ana@exa…", "Mail [email]…"],
    ["Mail ana@…", "Mail [email]…"],
    ["My account is DE89 3704 00…\nNext line", "My account is [number]…\nNext line"],
    ["It was a long story and…", "It was a long story and…"],
    ["There were 12…", "There were 12…"],
  ])("[RD8] keep no piece of what a check would have found: %s", (text, expected) =>
    expect(maskExcerpt(text)).toBe(expected),
  )
})

describe("long texts that mean harm", () => {
  it.each([
    ["addresses", "a.".repeat(150_000)],
    ["at signs", "a@".repeat(150_000)],
    ["digits", "0".repeat(300_000)],
    ["digits with spaces", "0 ".repeat(150_000)],
    ["telephones", "+1 (".repeat(75_000)],
    ["accounts", "DE00 ".repeat(60_000)],
    ["account letters", `DE00${"A".repeat(300_000)}`],
    ["keys", "-----BEGIN PRIVATE KEY-----".repeat(10_000)],
    ["tokens", "eyJ".repeat(100_000)],
    ["tokens with dots", "eyJaaaaaaaa.".repeat(25_000)],
    ["prefixes", "sk-".repeat(100_000)],
    ["bearers", "Bearer ".repeat(42_000)],
    ["cuts", "1234 …".repeat(50_000)],
  ])("[RD9] %s end in time that grows with their length alone", (_, text) => {
    expect(typeof maskExcerpt(text)).toBe("string")
  })
})
