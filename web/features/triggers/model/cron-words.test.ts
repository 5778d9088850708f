import { expect, it } from "vitest"
import { sayCron, sayInterval } from "./cron-words.ts"

it.each([
  ["* * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["0 * * * *", "Every hour"],
  ["5,35 * * * *", "Every hour at :05 and :35"],
  ["0 */6 * * *", "Every 6 hours"],
  ["30 9-17 * * 1-5", "Every hour from 09:30 to 17:30 on weekdays"],
  ["0 9 * * *", "At 09:00 every day"],
  ["0 9 * * 1-5", "At 09:00 on weekdays"],
  ["0 9 * * MON-FRI", "At 09:00 on weekdays"],
  ["0 9,17 * * 1", "At 09:00 and 17:00 on Monday"],
  ["0 0 * * 0,3", "At 00:00 on Sunday and Wednesday"],
  ["0 0 * * 7", "At 00:00 on Sunday"],
  ["0 7 1 * *", "At 07:00 on the 1st"],
  ["0 7 1,15,22 * *", "At 07:00 on the 1st, 15th and 22nd"],
  ["0 7 L * *", "At 07:00 on the last day of the month"],
  ["0 7 1 1,7 *", "At 07:00 on the 1st in January and July"],
  ["0 7 * 6-8 *", "At 07:00 in June to August"],
  ["@daily", "At 00:00 every day"],
  ["@hourly", "Every hour"],
])("says %s", (cron, words) => expect(sayCron(cron)).toBe(words))

it.each([
  "",
  "nonsense",
  "0 9 * *",
  "61 9 * * *",
  "0 9 13 * 5",
  "0 9 * * 1#2",
  "1-20/3 9 * * *",
  "0 9 * 13 *",
])("leaves “%s” unsaid", (cron) => expect(sayCron(cron)).toBeNull())

it("says intervals in the largest unit that fits", () => {
  expect(sayInterval(60)).toBe("Every minute")
  expect(sayInterval(90)).toBe("Every 90 seconds")
  expect(sayInterval(7_200)).toBe("Every 2 hours")
  expect(sayInterval(86_400)).toBe("Every day")
})
