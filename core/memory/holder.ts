import * as z from "zod"
import { AgentId, CrewId } from "#core/ids"

/** Whose memory it is: an agent's or a crew's. */
export const Holder = z.union([AgentId, CrewId])
export type Holder = z.infer<typeof Holder>
