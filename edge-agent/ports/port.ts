/**
 * Bytes in, bytes out. Anything that carries a terminal's wire is a port: a serial line, a HID device, a test's memory.
 * A port is single-use: once lost or closed it stays so, and whoever needs the line opens a new one.
 */
export interface Port {
  /** What people call it in logs and status: `/dev/serial/by-id/…`, `0c27:3bfa`. */
  readonly name: string;
  /** Resolves when the bytes are handed to the operating system; rejects with `port.lost`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Chunks as they come; on HID ports every chunk is exactly one input report. One listener at a time. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Called once when the line is gone, with the reason; also after `close()`, then without one. */
  onClosed(listener: (reason?: Error) => void): void;
  close(): Promise<void>;
  /** Goes on at another speed, bit/s; only on serial lines. Rejects with `port.lost`. */
  readonly setBaudRate?: (baudRate: number) => Promise<void>;
  /** Only on HID ports: what a device is asked and told beside its input and output reports. */
  readonly features?: FeatureReports;
}

/**
 * Feature reports of a HID device. `reportId` is 0 where the device does not number its reports; `bytes` never begin with it.
 * Both reject with `port.lost` when the device is gone, and with `device.refused` when it does not do as told.
 */
export interface FeatureReports {
  send(reportId: number, bytes: Uint8Array): Promise<void>;
  /** At most `length` bytes. */
  get(reportId: number, length: number): Promise<Uint8Array>;
}

/** Opens a fresh port; rejects with `port.unavailable` or `port.library-missing`, with what to do in the message. */
export type OpenPort = () => Promise<Port>;
