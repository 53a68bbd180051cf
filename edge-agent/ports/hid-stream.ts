import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createHidSplitter, encodeHidFrame, MAX_REPORT_BYTES, MESSAGE } from "./hid-frames.ts";
import { createInlet } from "./inlet.ts";
import type { FeatureReports, Port } from "./port.ts";

/** As long as the kernel waits for a USB device. */
const ANSWER_MS = 5_000;
const MAX_REF = 255;

/**
 * A HID port on top of a port that carries plain bytes, for simulated devices: reports in and out, and feature reports. A
 * stream that makes no sense ends it with `port.lost`, as an unplugged device does.
 */
export function hidOverStream(stream: Port): Port {
  const inlet = createInlet();
  const questions = createQuestions(stream);
  const lostError = (cause?: unknown): PlatformError =>
    new PlatformError("port.lost", `the simulated HID device ${stream.name} is gone`, {
      retriable: true,
      cause,
    });
  const end = (reason?: PlatformError): void => {
    inlet.end(reason);
    questions.end(reason ?? lostError());
  };
  const splitter = createHidSplitter(({ kind, bytes }) => {
    if (kind === "report") inlet.push(bytes);
    else questions.answered(bytes);
  });
  stream.onData((chunk) => {
    if (!inlet.isOpen() || splitter.push(chunk)) return;
    end(lostError(new Error("a frame without bytes")));
    void stream.close();
  });
  stream.onClosed((reason) => end(lostError(reason)));
  const throwIfLost = (): void => {
    if (!inlet.isOpen()) throw lostError(inlet.lost());
  };

  return {
    name: stream.name,
    async write(bytes) {
      throwIfLost();
      if (bytes.length === 0) throw wrongSize();
      await stream.write(framed("report", bytes));
    },
    features: {
      async send(reportId, bytes) {
        throwIfLost();
        await questions.ask((ref) => [MESSAGE.send, ref, reportId, ...bytes]);
      },
      async get(reportId, length) {
        throwIfLost();
        return questions.ask((ref) => [MESSAGE.get, ref, reportId, length]);
      },
    } satisfies FeatureReports,
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    close() {
      end();
      return stream.close();
    },
  };
}

interface Question {
  resolve(bytes: Uint8Array): void;
  reject(why: PlatformError): void;
}

interface Questions {
  ask(spell: (ref: number) => readonly number[]): Promise<Uint8Array>;
  answered(message: Uint8Array): void;
  end(why: PlatformError): void;
}

/** Pairs answers with what they answer; an answer nobody waits for (any more) is nobody's. */
function createQuestions(stream: Port): Questions {
  const open = new Map<number, Question>();
  let last = 0;
  const refused = (): PlatformError =>
    new PlatformError("device.refused", `${stream.name} does not answer to feature reports`, {
      retriable: true,
    });
  return {
    async ask(spell) {
      const ref = last === MAX_REF ? 1 : last + 1;
      last = ref;
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      // As long as nobody listens to it, a rejection is not unhandled.
      promise.catch(() => undefined);
      open.get(ref)?.reject(refused());
      const timer = setTimeout(() => reject(refused()), ANSWER_MS);
      open.set(ref, { resolve, reject });
      try {
        await stream.write(framed("message", Uint8Array.from(spell(ref))));
        return await promise;
      } finally {
        clearTimeout(timer);
        open.delete(ref);
      }
    },
    answered([kind, ref = 0, ok, ...bytes]) {
      if (kind !== MESSAGE.answer) return;
      const question = open.get(ref);
      if (ok === 1) question?.resolve(Uint8Array.from(bytes));
      else question?.reject(refused());
    },
    end(why) {
      for (const question of open.values()) question.reject(why);
    },
  };
}

function framed(kind: "report" | "message", bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_REPORT_BYTES) throw wrongSize();
  return encodeHidFrame({ kind, bytes });
}

const wrongSize = (): PlatformError =>
  new PlatformError("wire.too-large", `a report has 1 to ${MAX_REPORT_BYTES} bytes`);
