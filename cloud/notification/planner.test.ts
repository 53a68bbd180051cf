import { describe, expect, it } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { createMemoryEventStore } from "../eventing/memory-event-store.ts";
import { createNotificationCommands } from "./commands.ts";
import { notificationConfigSchema } from "./config.ts";
import type { Notice } from "./notices.ts";
import type { Person, Standing } from "./people-projection.ts";
import { configuredChannels, createPlanner, isWanted } from "./planner.ts";
import { preferencesDecider } from "./preferences-decider.ts";

const NOW = 1_800_000_000_000;
const cause = {
  source: "test",
  atMs: NOW,
  correlationId: "c",
  causationId: "event-1",
  traceparent: undefined,
};
const people = new Map<string, Person>(
  (["here", "left", "erased"] satisfies Standing[]).map((standing) => [
    standing,
    {
      employeeId: standing,
      firstName: "Ada",
      lastName: "Example",
      email: "ada@example.org",
      phone: null,
      locale: standing === "here" ? "de" : null,
      startOn: "2026-01-01",
      standing,
    },
  ]),
);
const smtp = { host: "mail", from: "clock@example.org" };
const contacts = [
  { name: "ops", email: "ops@example.org", getsAlarms: true },
  { name: "office", email: "office@example.org", roles: ["payroll"] },
];

/** What comes of a notice: recipient, channel, language and fate of each message. */
async function told(notice: Partial<Notice>, settings: object = { smtp, contacts }) {
  const store = createMemoryEventStore();
  const commands = createNotificationCommands(store, "acme");
  const config = notificationConfigSchema.parse(settings);
  const configured = configuredChannels(config);
  const asked: string[] = [];
  const planner = createPlanner({
    commands: {
      ...commands,
      messages: {
        ...commands.messages,
        async handleMany(all, why) {
          const outcomes = await commands.messages.handleMany(all, why);
          for (const { aggregateId } of all) {
            const { state } = await commands.messages.state(aggregateId);
            const requested = state?.requested;
            const who = requested?.employeeId ?? requested?.target ?? "";
            asked.push([who, requested?.channel, requested?.locale, state?.status].join(" "));
          }
          return outcomes;
        },
      },
    },
    config,
    personOf: async (id) => await Promise.resolve(people.get(id)),
    employeesOfRole: (role) => (role === "payroll" ? ["here"] : []),
    isConfigured: (channel) => configured.has(channel),
    nowMs: () => NOW,
  });
  const whole: Notice = { kind: "leave-decided", to: [], values: {}, ...notice };
  await planner.notify(whole, cause);
  await planner.notify(whole, cause);
  return asked.slice(0, asked.length / 2);
}
const employee = (employeeId: string) => ({ kind: "employee", employeeId }) as const;

describe("who is told", () => {
  it("is each person once, by the usual channels, in their language", async () => {
    expect(await told({ to: [employee("here"), employee("here")] })).toEqual([
      "here email de waiting",
      "here in-app de sent",
    ]);
  });

  it("is nobody erased or unknown, and who left only about pay", async () => {
    const to = [employee("erased"), employee("left"), employee("nobody")];
    expect(await told({ to })).toEqual(
      ["erased", "left", "nobody"].flatMap((who) => [
        `${who} email en suppressed`,
        `${who} in-app en suppressed`,
      ]),
    );
    expect(await told({ to: [employee("left")], kind: "payslip-ready" })).toEqual([
      "left email en waiting",
      "left in-app en sent",
    ]);
  });

  it("are all of a role, people and contacts, and for alarms whom the configuration names", async () => {
    expect(await told({ to: [{ kind: "role", role: "payroll" }] })).toEqual([
      "here email de waiting",
      "here in-app de sent",
      "office email en waiting",
    ]);
    expect(await told({ to: [{ kind: "alarm" }], kind: "gateway-alarm" })).toEqual([
      "ops email en waiting",
    ]);
  });

  it("is told by no channel that is not configured or reaches them", async () => {
    const sms = { accountSid: "AC1", tokenFile: "t", from: "+49301" };
    const channels = { "leave-decided": ["email", "sms"] };
    expect(await told({ to: [employee("here")] }, { sms, channels })).toEqual([
      "here email de suppressed",
      "here sms de suppressed",
    ]);
  });
});

const wants = (types: string[], type: string, isEnabled = true): boolean =>
  isWanted({ name: "x", url: "http://x", secretFile: "f", types, isEnabled }, type);

it("an endpoint gets the types it names, and never a PIN's hash", () => {
  expect(wants(["leave.*"], "leave.leave.approved")).toBe(true);
  expect(wants(["leave.leave.*"], "leave.ledger.posted")).toBe(false);
  expect(wants(["leave.leave.approved"], "leave.leave.approved")).toBe(true);
  expect(wants(["*"], "payroll.run.opened")).toBe(true);
  expect(wants(["*"], "payroll.run.opened", false)).toBe(false);
  expect(wants(["*", "employee.badge.assigned"], "employee.badge.assigned")).toBe(false);
});

const set = (channels: Record<string, Array<"email" | "webhook">>) =>
  ({ type: "set", data: { employeeId: "e-1", locale: null, channels, by: "ada" } }) as const;

it("preferences name kinds there are, and leave a channel to what is mandatory", () => {
  const none = given(preferencesDecider);
  expect(none.when(set({ "leave-decided": [] }))).toHaveLength(1);
  expect(none.when(set({ "payslip-ready": [] }))).toMatchObject(refused("notification.mandatory"));
  expect(none.when(set({ gossip: [] }))).toMatchObject(refused("notification.unknown-kind"));
  expect(none.when(set({ welcome: ["webhook"] }))).toMatchObject(
    refused("notification.unknown-channel"),
  );
  const { data } = set({ "leave-decided": [] });
  const said = given(preferencesDecider, [{ type: "notification.preferences.set", data }]);
  expect(said.when(set({ "leave-decided": [] }))).toEqual([]);
});
