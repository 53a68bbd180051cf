/** What the tests use of two ZKTeco clients that come without types. */
declare module "zkteco-js" {
  interface ZkUserSeen {
    readonly uid: number;
    readonly userId: string | number;
    readonly name: string;
  }
  interface ZkPunchSeen {
    readonly sn: number;
    readonly user_id: string;
    readonly record_time: string;
    readonly type: number;
    readonly state: number;
  }
  export default class Zkteco {
    connectionType: "tcp" | "udp" | null;
    constructor(...at: readonly [ip: string, port: number, timeoutMs: number, inPort: number]);
    createSocket(): Promise<unknown>;
    getUsers(): Promise<{ data: ZkUserSeen[] }>;
    getAttendances(): Promise<{ data: ZkPunchSeen[] }>;
    getInfo(): Promise<{ userCounts: number; logCounts: number; logCapacity: number }>;
    getTime(): Promise<Date>;
    setTime(at: Date): Promise<unknown>;
    getSerialNumber(): Promise<string>;
    getRealTimeLogs(heard: (punch: { userId: string; attTime: Date }) => void): Promise<void>;
    disconnect(): Promise<unknown>;
  }
}

declare module "zkteco-js/src/zudp.js" {
  export default class ZktecoUdp {
    constructor(...at: readonly [ip: string, port: number, timeoutMs: number, inPort: number]);
    createSocket(): Promise<unknown>;
    connect(): Promise<unknown>;
    getUsers(): Promise<{ data: { userId: string | number; name: string }[] }>;
    getInfo(): Promise<{ userCounts: number; logCounts: number; logCapacity: number }>;
    getTime(): Promise<Date>;
    disconnect(): Promise<unknown>;
  }
}

declare module "node-zklib" {
  interface ZkLibPunch {
    readonly deviceUserId: string | number;
    readonly recordTime: Date;
  }
  export default class ZkLib {
    connectionType: "tcp" | "udp" | null;
    constructor(...at: readonly [ip: string, port: number, timeoutMs: number, inPort: number]);
    createSocket(): Promise<unknown>;
    getUsers(): Promise<{ data: { uid: number; userId: string | number; name: string }[] }>;
    getAttendances(): Promise<{ data: ZkLibPunch[] }>;
    getInfo(): Promise<{ userCounts: number; logCounts: number; logCapacity: number }>;
    disconnect(): Promise<unknown>;
  }
}
