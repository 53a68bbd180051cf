import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { deliveryIdOf } from "../../cloud/webhooks/message.ts";
import { type HttpSink, type SinkAnswer, type SunkRequest, startHttpSink } from "./http-sink.ts";

const bodySchema = z.strictObject({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookBody = z.output<typeof bodySchema>;

/** An integrator's server: keeps what it answered 2xx to. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly sink: HttpSink;
  /** Answers this from now on; 204 unless told. */
  answer(how: (request: SunkRequest) => SinkAnswer): void;
  /** `webhook-id`s of what was taken, repeats too. */
  taken(): readonly string[];
  /** The events it never took. */
  missing(webhookId: string, eventIds: readonly string[]): string[];
}

const fine = (): SinkAnswer => ({ status: 204 });

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const sink = await startHttpSink();
  const taken: string[] = [];
  let how: (request: SunkRequest) => SinkAnswer = fine;
  sink.onRequest((request) => {
    const answer = how(request);
    const isTaken = typeof answer === "object" && answer.status >= 200 && answer.status < 300;
    if (isTaken) taken.push(String(request.headers["webhook-id"]));
    return answer;
  });
  return {
    url: `${sink.url}/hook`,
    sink,
    answer: (next) => void (how = next),
    taken: () => taken,
    missing(webhookId, eventIds) {
      const had = new Set(taken);
      return eventIds.filter((eventId) => !had.has(deliveryIdOf(webhookId, eventId)));
    },
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

/** The body, if the reference library accepts its signature; throws otherwise. */
export function verified({ headers, body }: SunkRequest, secret: string): WebhookBody {
  return bodySchema.parse(new Webhook(secret).verify(body, headers as Record<string, string>));
}
