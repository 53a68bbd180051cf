/**
 * `node:http` for processes that must be small. An `import … from "node:http"` reads every export of it, and one of those,
 * WebSocket, loads all of undici: 12 MB in a process that never asks for it. Types may be imported as ever.
 */
export const { createServer, request } = process.getBuiltinModule("node:http");
