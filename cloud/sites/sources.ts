/** A gateway as the fleet knows it. */
export interface SiteGateway {
  readonly site: string;
  readonly gateway: string;
  readonly name: string;
  readonly zone: string;
  readonly status: "active" | "revoked";
  readonly isOnline: boolean;
  /** By the cloud's clock, UTC milliseconds; null = not heard since this process started. */
  readonly lastSeenAtMs: number | null;
  readonly backlogRows: number | null;
}

/** What is known of a site up to when, and which gateways hold it there. */
export interface SiteStanding {
  /** Everything before has arrived; null = never told. */
  readonly completeTo: number | null;
  readonly gateways: ReadonlyArray<{
    readonly gateway: string;
    readonly completeTo: number | null;
    /** Null = it goes on. */
    readonly hold: {
      readonly why: string;
      readonly readers: readonly string[];
      readonly since: number | null;
    } | null;
  }>;
}

export interface SiteCalendar {
  /** Whether the configuration names the site; otherwise it has what all unnamed sites have. */
  readonly isNamed: boolean;
  readonly zone: string;
  readonly country: string | null;
  readonly state: string | null;
  readonly workdays: readonly string[];
  readonly ownHolidays: number;
}

/** Where somebody is by the latest punch that counts. */
export interface LastPunch {
  readonly employeeId: string;
  readonly state: "in" | "out" | "break";
  readonly at: number;
  readonly site: string;
  readonly gateway: string;
  readonly reader: string;
  readonly punchId: string;
}

export interface LeaveToday {
  readonly employeeId: string;
  readonly leaveId: string;
  readonly code: string;
  readonly fromOn: string;
  readonly toOn: string;
}

export interface Named {
  readonly name: string;
  readonly departmentId: string;
}

/** What the contexts know of sites. They do not know each other; `cloud/contexts.ts` puts this together. */
export interface SiteSources {
  readonly gateways: () => Promise<readonly SiteGateway[]>;
  readonly gatewaysAt: (site: string) => Promise<readonly SiteGateway[]>;
  /** Undefined where no gateway is registered. */
  readonly standing: (site: string) => Promise<SiteStanding | undefined>;
  /** Up to when each site has told everything. */
  readonly marks: () => Promise<ReadonlyMap<string, number>>;
  /** How many may be due to work there. */
  readonly peopleBySite: () => Promise<ReadonlyMap<string, number>>;
  readonly employedAt: (site: string) => Promise<readonly string[]>;
  /** Of those people, and of everybody who is in or on a break at the site. */
  readonly lastPunches: (site: string, people: readonly string[]) => Promise<readonly LastPunch[]>;
  readonly namedSites: readonly string[];
  readonly calendarOf: (site: string) => SiteCalendar;
  /** Whose approved leave covers the date, of those who work there. */
  readonly onLeave: (site: string, on: string) => Promise<readonly LeaveToday[]>;
  readonly namesOf: (people: readonly string[]) => Promise<ReadonlyMap<string, Named>>;
}
