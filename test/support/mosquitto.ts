import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onPath } from "./on-path.ts";

/** Eclipse Mosquitto's clients, foreign programs that know MQTT and nothing of us; undefined where they are not installed. */
export const findMosquitto = (): string | undefined =>
  onPath("mosquitto_sub") && onPath("mosquitto_pub");

export interface MqttLogin {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The server shows a certificate of this authority, for `localhost`. */
  readonly cafile?: string;
}

const args = ({ port, user, password, cafile }: MqttLogin): string[] =>
  ["-p", String(port), "-u", user, "-P", password, "-V", "mqttv311"].concat(
    cafile === undefined ? ["-h", "127.0.0.1"] : ["-h", "localhost", "--cafile", cafile],
  );

export interface Published {
  readonly code: number | null;
  readonly err: string;
}

export interface Publication {
  readonly topic: string;
  readonly payload: string;
  /** To be kept for subscribers that come later. */
  readonly retain?: boolean;
}

/** `mosquitto_pub` with QoS 1: ends with 0 once the server has sent its PUBACK. */
export async function mosquittoPub(
  login: MqttLogin,
  { topic, payload, retain = false }: Publication,
): Promise<Published> {
  const child = spawn(
    "mosquitto_pub",
    args(login).concat("-q", "1", "-t", topic, "-m", payload, retain ? ["-r"] : []),
  );
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { code, err };
}

export interface Subscription extends Disposable {
  /** What was heard, in order; with the topic in front. */
  readonly heard: readonly string[];
}

/** `mosquitto_sub`; resolves once the server has granted the subscription. Throws with its words if it did not. */
export async function mosquittoSub(
  login: MqttLogin,
  topics: readonly string[],
  ...more: readonly string[]
): Promise<Subscription> {
  const child = spawn(
    "stdbuf",
    ["-oL", "mosquitto_sub"].concat(
      args(login),
      ["-d", "-F", "HEARD %t %p"],
      topics.flatMap((topic) => ["-t", topic]),
      more,
    ),
  );
  const heard: string[] = [];
  const said: string[] = [];
  const granted = Promise.withResolvers<void>();
  const listen = (stream: ChildProcess["stdout"]): void => {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (line) => {
      if (line.startsWith("HEARD ")) heard.push(line.slice(6));
      else said.push(line);
      if (!line.startsWith("Subscribed ")) return;
      // MQTT 3.1.1, section 3.9.3: 0x80 is a failure.
      if (line.includes("128")) granted.reject(new Error(line));
      else granted.resolve();
    });
  };
  listen(child.stdout);
  listen(child.stderr);
  child.once("close", () => granted.reject(new Error(said.join("\n"))));
  try {
    await granted.promise;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return { heard, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}
