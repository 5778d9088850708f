import { GovernorObject } from "#durable/governor/object"
import type { AlertNote, GovernorPorts } from "#durable/governor/ports"

/** What the tests of governors decide and see of the outside world. */
export const governed = {
  now: Date.parse("2026-11-22T12:00:00Z"),
  /** What was told by which ways, in order. */
  told: [] as { note: AlertNote; ways: readonly string[] | undefined }[],
  /** Which ways fail for a note. */
  answer: (_note: AlertNote): string[] => [],
}

const ports: GovernorPorts = {
  async tell(_, note, ways) {
    governed.told.push({ note, ways })
    return governed.answer(note)
  },
  now: () => governed.now,
}

export class FakeGovernor extends GovernorObject {
  protected ports() {
    return ports
  }
}
