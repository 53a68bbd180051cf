import { BADGES, RUN, WORKED_ON } from "./rights-company.ts";
import {
  aboutPerson,
  anywhere,
  atSite,
  company,
  gateway,
  get,
  nothing,
  p,
  person,
  post,
  type Sample,
  s,
  showsPerson,
  unknown,
} from "./rights-sample.ts";

/** What runs underneath, the book of rules, and places. */
export const UNDERNEATH: Readonly<Record<string, Sample>> = {
  listDeadLetters: company("platform.read", "GET", "/dead-letters"),
  showDeadLetter: unknown("platform.read", "GET", "/dead-letters/999999"),
  retryDeadLetter: unknown("platform.manage", "POST", "/dead-letters/999999/retry"),
  retryDeadLetters: company("platform.manage", "POST", "/dead-letters:retry"),
  listBridges: company("platform.read", "GET", "/bridges"),
  listStreams: company("platform.read", "GET", "/streams"),
  showStream: unknown("platform.read", "GET", "/streams/NOTHING"),
  listReadModels: company("platform.read", "GET", "/read-models"),
  rebuildReadModel: unknown("platform.manage", "POST", "/read-models/nothing/rebuild"),
  showLeases: company("platform.read", "GET", "/leases"),
  listPolicyGroups: { ask: get(() => "/rules/groups"), expect: anywhere("rules.read") },
  showPolicyGroup: {
    ask: get(() => "/rules/groups/nothing"),
    expect: (can) => (can.some("rules.read") ? "absent" : "forbidden"),
  },
  listRuleAssignments: company("rules.read", "GET", "/rules/assignments"),
  listSchedules: { ask: get(() => "/schedules"), expect: anywhere("rules.read") },
  checkRules: { ask: post(() => "/rules/check", nothing), expect: anywhere("rules.read") },
  previewRules: {
    ask: post(
      () => "/rules/preview",
      (object) => ({ book: {}, employeeId: p(object), from: WORKED_ON, to: WORKED_ON }),
    ),
    expect: aboutPerson("time.read"),
  },
  showPersonRules: person("time.read", (id) => `/employees/${id}/rules?on=${WORKED_ON}`, "GET"),
  showPersonSchedule: person(
    "time.read",
    (id) => `/employees/${id}/schedule?from=${WORKED_ON}&to=${WORKED_ON}`,
    "GET",
  ),
  explainTimesheet: person("time.read", (id) => `/timesheets/${id}/${WORKED_ON}/explain`, "GET"),
  // Nothing is calculated in the run, so who may see it is told that there is nothing: the guard shows in the 403.
  explainPayslip: {
    ask: get((object) => `/payroll/people/${p(object)}/payslips/${RUN}/explain`),
    expect: (can) => (can.some("pay.read") ? "absent" : "forbidden"),
  },
  listSites: {
    ask: get(() => "/sites?limit=500"),
    expect: atSite("fleet.read"),
    shows: (body, object) => body.includes(`"site":"${s(object)}"`),
  },
  showSite: { ask: get((object) => `/sites/${s(object)}`), expect: atSite("fleet.read") },
  showMuster: { ask: get((object) => `/sites/${s(object)}/muster`), expect: atSite("time.read") },
  downloadMuster: {
    ask: get((object) => `/sites/${s(object)}/muster.csv`),
    expect: atSite("time.read"),
  },
  listReaders: {
    ask: get((object) => `${gateway(object)}/readers`),
    expect: atSite("fleet.read"),
  },
  commandGateway: {
    ask: post((object) => `${gateway(object)}/commands`, nothing),
    expect: atSite("fleet.manage"),
  },
  listBadges: {
    ask: get(() => "/badges?limit=500"),
    expect: aboutPerson("people.read"),
    shows: showsPerson,
  },
  showBadge: {
    ask: get((object) => `/badges/${BADGES[object]}`),
    expect: aboutPerson("people.read"),
  },
  previewCorrections: {
    ask: post(
      () => "/corrections:preview",
      (object) => ({
        items: [{ employeeId: p(object), change: { do: "void", punchId: "none" } }],
        reasonCode: "other",
        reason: "x",
      }),
    ),
    expect: aboutPerson("time.correct"),
  },
  summariseExceptions: {
    ask: get((object) => `/exceptions/summary?employeeId=${p(object)}`),
    expect: aboutPerson("time.read"),
    shows: (body) => !body.includes('"total":0'),
  },
};
