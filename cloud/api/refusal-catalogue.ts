import type { ProblemKind } from "./problem-catalogue.ts";

/**
 * Refusals (rules that said no) which need a status or advice of their own. A refusal that is not listed is a 409
 * with the page of `command.refused`; one whose code ends in `.not-found` is a 404 with that of `command.not-found`.
 * 422 is only what the same request is always told; what is stored, configured or the time of day decides, is a 409.
 */
export const REFUSAL_PROBLEMS: Readonly<
  Record<string, ProblemKind & { readonly status: RefusalStatus }>
> = {
  "audit.event-missing": {
    status: 409,
    title: "The event is gone",
    advice: "Run `clockleaf audit verify`: it says what else is, and keep the hub's files.",
  },
  "audit.event-altered": {
    status: 409,
    title: "The event is not the one that was recorded",
    advice: "Run `clockleaf audit verify`: it says what else was altered.",
  },
  "audit.event-unreadable": {
    status: 409,
    title: "The event cannot be read",
    advice:
      "What was stored on the subject is no event of its aggregate. `clockleaf audit verify` and the entry say where it lies.",
  },
  "audit.history-too-long": {
    status: 409,
    title: "Too many events came before",
    advice:
      "Ask for an earlier entry of the same aggregate, or read the events themselves from the stream.",
  },
  "employee.erased": {
    status: 409,
    title: "The person was erased",
    advice: "Their personal data is gone for good; enter a new person instead.",
  },
  "employee.last-day-before-first": {
    status: 409,
    title: "The last day lies before the first",
    advice: "Send a last day on or after the person's `startDate`, or correct that first.",
  },
  "employee.manager-ring": {
    status: 409,
    title: "The manager reports to the person",
    advice:
      "Give one of those between them another manager first; GET /org shows who reports to whom.",
  },
  "employee.probation-over": {
    status: 409,
    title: "The probation would be over already",
    advice: "Send a last day of the probation that is not over where the person works.",
  },
  "employee.still-employed": {
    status: 409,
    title: "The person is still employed",
    advice:
      "Terminate or deactivate them first, or send `force: true` if they are to be erased now.",
  },
  "gateway.bad-key": {
    status: 422,
    title: "Not a public NKey",
    advice: "Copy the whole key from the gateway's enrolment: U and 55 more characters.",
  },
  "gateway.epoch-unknown": {
    status: 409,
    title: "The gateway's journal is not known yet",
    advice: "Wait for the gateway's next heartbeat, or send the `epoch` of its journal.",
  },
  "gateway.key-in-use": {
    status: 409,
    title: "The key belongs to another gateway",
    advice: "Each gateway makes a key of its own. Never copy a gateway's seed to a second box.",
  },
  "correction.not-yours": {
    status: 403,
    title: "The correction is somebody else's",
    advice: "Ask for your own punches only, or use a key with the scope the problem names.",
  },
  "correction.lock-override": {
    status: 403,
    title: "Overriding a lock needs more",
    advice: "Use a key with the scope admin, or leave `overridesLock` out.",
  },
  "correction.period-locked": {
    status: 409,
    title: "The period is paid and locked",
    advice:
      "Have somebody with the scope admin send it with `overridesLock`; the difference is then paid in the next run.",
  },
  "correction.unknown-punch": {
    status: 409,
    title: "The person has no such punch",
    advice: "Read the punches of the person at /api/v1/punches and send the id of one of them.",
  },
  "correction.in-future": {
    status: 409,
    title: "The punch would lie in the future",
    advice: "Send the time at which it was made.",
  },
  "exception.blocking": {
    status: 409,
    title: "It cannot be waved through",
    advice: "Correct the punches of the day: the exception then goes away by itself.",
  },
  "timesheet.not-yours": {
    status: 403,
    title: "The timesheet is not yours to verify",
    advice: "People verify their own days as employee; managers, hr and admins those of others.",
  },
  "gateway.key-revoked": {
    status: 409,
    title: "The key was revoked",
    advice: "Make a new key on the gateway and register that one.",
  },
  "account.half-a-login": {
    status: 409,
    title: "Half a login",
    advice: "Send `issuer` and `subject` together, or null for both.",
  },
  "account.no-login": {
    status: 409,
    title: "Nobody could sign in to the account",
    advice: "Send the e-mail address of the login, or its issuer and subject.",
  },
  "account.email-taken": {
    status: 409,
    title: "Another account has this e-mail address",
    advice: "GET /api/v1/users?email=… shows which. One login has one account.",
  },
  "identity.last-admin": {
    status: 409,
    title: "Nobody would be left who can manage accounts",
    advice: "Give another account the role admin first.",
  },
  "identity.own-admin": {
    status: 409,
    title: "Nobody takes their own right to manage accounts away",
    advice: "Have another admin do it.",
  },
  "setup.done": {
    status: 409,
    title: "The first setup is done",
    advice: "Sign in as an admin, or ask one for an account.",
  },
  "leave.not-yours": {
    status: 403,
    title: "Not for oneself",
    advice: "Have somebody else adjust the account: nobody gives themselves leave.",
  },
  "leave.no-person": {
    status: 409,
    title: "Whose leave?",
    advice: "Send an employeeId, or use a key that acts for a person.",
  },
  "notification.mandatory": {
    status: 422,
    title: "This kind of message needs a channel",
    advice: "Leave at least one channel; nobody can do without these messages.",
  },
  "notification.unknown-kind": {
    status: 422,
    title: "No such kind of message",
    advice: "GET /api/v1/notification-templates lists the kinds.",
  },
  "workflow.own-request": {
    status: 403,
    title: "Nobody decides what they asked for",
    advice: "Have another approver decide, or wait until the request is escalated.",
  },
  "workflow.about-yourself": {
    status: 403,
    title: "Nobody decides what is about themselves",
    advice: "Have another approver decide, or wait until the request is escalated.",
  },
  "workflow.not-permitted": {
    status: 403,
    title: "Requests of this kind take another permission",
    advice: "Time and leave take `time.approve`, pay runs `pay.approve`; no permission gives both.",
  },
  "workflow.not-an-approver": {
    status: 403,
    title: "The current step is for others to decide",
    advice: "`steps` of the request names who may decide; they can delegate it for a time.",
  },
  "workflow.delegation-of-another": {
    status: 403,
    title: "Delegations are the person's own business, or HR's",
    advice: "Use the key of the person, or one with the fallback role of the configuration.",
  },
  "webhook.address-refused": {
    status: 409,
    title: "The address is not one of the public internet",
    advice:
      "Give a URL whose host has public addresses only, or have the operator set `webhooks.allowPrivateAddresses`.",
  },
  "webhook.bad-url": {
    status: 409,
    title: "No URL that webhooks are sent to",
    advice:
      "Give https://host/path without a user or a password in it; http:// only where `webhooks.allowHttp` says so.",
  },
  "webhook.unknown-type": {
    status: 422,
    title: "No such event type",
    advice: "Name types as the event contracts have them, or a group such as `attendance.*`.",
  },
  "report.bad-span": {
    status: 422,
    title: "The span of the report cannot be made",
    advice: "Ask for 1 to 400 days, the last not before the first.",
  },
};

/** The statuses a refusal can have. A route that answers with `refused(…)` spreads `refusalResponses`. */
export type RefusalStatus = 403 | 404 | 409 | 422;
