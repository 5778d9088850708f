export { CanvasDown as Down, CanvasUp as Up, canvasProtocol } from "#core/canvas/messages"
