import { CanvasObject } from "#durable/canvas/object"
import { ChatObject } from "#durable/chat/object"
import { ClockObject } from "#durable/clock/object"
import { ExecutionObject } from "#durable/execution/object"
import { GovernorObject } from "#durable/governor/object"
import { SealerObject } from "#durable/sealer/object"
import { SandboxObject } from "#durable/sandbox/object"
import { createApp } from "./app.ts"
import type { Env } from "./env.ts"
import { canvasPorts } from "./objects/canvas.ts"
import { chatPorts } from "./objects/chat.ts"
import { clockPorts } from "./objects/clock.ts"
import { executionPorts } from "./objects/execution.ts"
import { governorPorts } from "./objects/governor.ts"
import { sealerPorts } from "./objects/sealer.ts"
import { sandboxPorts } from "./tools/sandbox/runner.ts"
import type {
  CanvasRoom,
  ChatRoom,
  ExecutionLane,
  TenantClock,
  TenantGovernor,
  TenantSealer,
} from "./stubs.ts"

const app = createApp()

export default { fetch: app.fetch } satisfies ExportedHandler<Env>

/** The object class with its ports: the only place where everything meets. */
export class Execution extends ExecutionObject<Env> {
  protected ports() {
    return executionPorts(this.env)
  }
}

export class Clock extends ClockObject<Env> {
  protected ports() {
    return clockPorts(this.env)
  }
}

export class Chat extends ChatObject<Env> {
  protected ports() {
    return chatPorts(this.env)
  }
}

export class Canvas extends CanvasObject<Env> {
  protected ports() {
    return canvasPorts(this.env)
  }
}

export class Governor extends GovernorObject<Env> {
  protected ports() {
    return governorPorts(this.env)
  }
}

export class Sandbox extends SandboxObject<Env> {
  protected ports() {
    return sandboxPorts(this.env)
  }
}

export class Sealer extends SealerObject<Env> {
  protected ports() {
    return sealerPorts(this.env)
  }
}

/** The stub's interface is written by hand; this line does not compile when the class drifts from it. */
type Checked<
  Lane extends { [M in keyof ExecutionLane]: (...args: Parameters<ExecutionLane[M]>) => unknown },
> = Lane
export type CheckedExecution = Checked<Execution>
type CheckedStub<
  Stub extends { [M in keyof TenantClock]: (...args: Parameters<TenantClock[M]>) => unknown },
> = Stub
export type CheckedClock = CheckedStub<Clock>
type CheckedKeeper<
  Stub extends { [M in keyof TenantGovernor]: (...args: Parameters<TenantGovernor[M]>) => unknown },
> = Stub
export type CheckedGovernor = CheckedKeeper<Governor>
type CheckedRoom<Room extends { [M in keyof ChatRoom]: (...args: Parameters<ChatRoom[M]>) => unknown }> = Room
export type CheckedChat = CheckedRoom<Chat>
type CheckedPaper<Room extends { [M in keyof CanvasRoom]: (...args: Parameters<CanvasRoom[M]>) => unknown }> =
  Room
export type CheckedCanvas = CheckedPaper<Canvas>
type CheckedHand<
  Hand extends { [M in keyof TenantSealer]: (...args: Parameters<TenantSealer[M]>) => unknown },
> = Hand
export type CheckedSealer = CheckedHand<Sealer>
