import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import type { FeatureDevice } from "./feature-frames.ts";

/** What a program finds when it asks a HID device by ioctl. */
export interface MockedHid {
  readonly descriptor: Uint8Array;
  /** Left out by devices without feature reports. */
  readonly features?: FeatureDevice;
}

/**
 * The other end of umockdev's preload library: it sends every ioctl, read and write on a mocked device as three 64-bit words
 * over a Unix socket, and does what the answer says. A read or write is left to the node itself, a pseudo-terminal.
 *
 *     1 request address   an ioctl; its argument lies at `address` in the program's memory
 *     7, 8                a read, a write
 *     5 address length    from us: send me that memory
 *     6 address length …  from us: put this there
 *     3 result errno      from us: done
 */
const IOCTL = 1;
const DONE = 3;
const READ_MEMORY = 5;
const WRITE_MEMORY = 6;
/** As a result: do it on the node instead. */
const NOT_MINE = -100n;
const WORD = 8;

const [ENODEV, ENOTTY, EPIPE] = [19n, 25n, 32n];

export interface ServedIoctls {
  /** From now on everything that is asked fails as the kernel has it fail for a device that was pulled out. */
  unplug(): void;
  /** For when no program is left: umockdev aborts one that asks and finds nobody there. */
  close(): Promise<void>;
}

/** Serves the ioctls of one device until it is closed; a socket that was there is replaced. */
export async function serveIoctls(path: string, device: MockedHid): Promise<ServedIoctls> {
  const programs = new Set<Socket>();
  let isPlugged = true;
  const server = createServer((socket) => {
    programs.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => programs.delete(socket));
    // A program that goes in the middle of an exchange ends it; there is nobody left to answer.
    serve(socket, device, () => isPlugged).catch(() => socket.destroy());
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    unplug() {
      isPlugged = false;
    },
    async close() {
      if (!server.listening) return;
      for (const program of programs) program.destroy();
      await promisify(server.close.bind(server))();
    },
  };
}

async function serve(socket: Socket, device: MockedHid, isPlugged: () => boolean): Promise<void> {
  const read = createReader(socket);
  for (;;) {
    const words = await read(3 * WORD);
    const [kind, request, address] = [0, 1, 2].map((index) => words.readBigUInt64LE(index * WORD));
    if (kind === BigInt(IOCTL) && !isPlugged()) {
      say(socket, DONE, -1n, ENODEV);
    } else if (kind === BigInt(IOCTL)) {
      await obey({ socket, read, address: address ?? 0n }, Number(request), device);
    } else {
      say(socket, DONE, NOT_MINE, 0n);
    }
  }
}

interface Call {
  readonly socket: Socket;
  readonly read: (length: number) => Promise<Buffer>;
  readonly address: bigint;
}

/** Type and numbers from the kernel's hidraw.h; the size of the argument stands in bits 16 to 29. */
const HIDRAW = 0x48;
const NUMBER = { descriptorSize: 1, descriptor: 2, setFeature: 6, getFeature: 7 } as const;
const MAX_DESCRIPTOR = 4_096;

async function obey(call: Call, request: number, device: MockedHid): Promise<void> {
  const [type, number, size] = [(request >> 8) & 0xff, request & 0xff, (request >> 16) & 0x3fff];
  const { descriptor } = device;
  if (type !== HIDRAW) return say(call.socket, DONE, -1n, ENOTTY);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(descriptor.length);
  switch (number) {
    case NUMBER.descriptorSize:
      put(call, length);
      return say(call.socket, DONE, 0n, 0n);
    case NUMBER.descriptor:
      put(
        call,
        Buffer.concat([length, descriptor, Buffer.alloc(MAX_DESCRIPTOR)], 4 + MAX_DESCRIPTOR),
      );
      return say(call.socket, DONE, 0n, 0n);
    case NUMBER.setFeature:
    case NUMBER.getFeature:
      return feature(call, { isSet: number === NUMBER.setFeature, size }, device.features);
    default:
      return say(call.socket, DONE, -1n, ENOTTY);
  }
}

/** The argument has the report id first in both directions, 0 for devices that do not number their reports. */
async function feature(
  call: Call,
  { isSet, size }: { readonly isSet: boolean; readonly size: number },
  device: FeatureDevice | undefined,
): Promise<void> {
  say(call.socket, READ_MEMORY, call.address, BigInt(size));
  const [id = 0, ...bytes] = await call.read(size);
  if (isSet) {
    const isDone = device?.setFeature(id, Uint8Array.from(bytes)) === true;
    return isDone ? say(call.socket, DONE, BigInt(size), 0n) : say(call.socket, DONE, -1n, EPIPE);
  }
  const answer = device?.getFeature(id, size - 1);
  if (answer === undefined || answer === null) return say(call.socket, DONE, -1n, EPIPE);
  put(call, Buffer.from([id, ...answer]));
  return say(call.socket, DONE, BigInt(answer.length + 1), 0n);
}

function put({ socket, address }: Call, bytes: Buffer): void {
  say(socket, WRITE_MEMORY, address, BigInt(bytes.length));
  socket.write(bytes);
}

// oxlint-disable-next-line eslint/max-params -- a message has three words
function say(socket: Socket, kind: number, first: bigint, second: bigint): void {
  const words = Buffer.alloc(3 * WORD);
  words.writeBigUInt64LE(BigInt(kind), 0);
  words.writeBigUInt64LE(BigInt.asUintN(64, first), WORD);
  words.writeBigUInt64LE(second, 2 * WORD);
  socket.write(words);
}

/** Hands out so many bytes at a time, however they come; rejects when no more will come. */
function createReader(socket: Socket): (length: number) => Promise<Buffer> {
  const chunks = socket[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (length) => {
    while (rest.length < length) {
      const { done, value } = await chunks.next();
      if (done === true) throw new Error("the program is gone");
      rest = Buffer.concat([rest, value]);
    }
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  };
}
