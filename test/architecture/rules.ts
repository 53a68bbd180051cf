import {
  hasComputedImport,
  type Import,
  importsOf,
  type SourceFile,
  withoutComments,
} from "./source.ts";

/** A sentence about the tree, and what breaks it: one line per offence, empty when it holds. */
export interface Rule {
  readonly name: string;
  readonly offences: (files: readonly SourceFile[]) => string[];
}

/** Room → rooms it may import. Whatever is not listed is closed to it; `test` sees everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  "edge-agent": ["shared"],
  cloud: ["shared"],
  "hardware-sim": ["shared"],
  deploy: ["shared"],
};

/** The parts of the edge agent that meet only in agent.ts, and what each may use of the others. */
const EDGE_PARTS: Readonly<Record<string, readonly string[]>> = {
  ports: [],
  // What is known of a protocol is asked through the seam every protocol declares itself with.
  discovery: ["ports", "devices"],
  clock: [],
  devices: ["ports"],
  journal: [],
  commands: [],
  uplink: [],
  directory: [],
  greeting: [],
  // What it shows is told by `health` and `discovery`, in the words of the commands; what it does, hosted-service.ts hands over.
  page: ["health", "discovery", "cli"],
};

const CONTEXTS = [
  "employee",
  "attendance",
  "fleet",
  "leave",
  "payroll",
  "workflow",
  "notification",
  "documents",
  "reporting",
  "analytics",
  "identity",
  "webhooks",
  "audit",
  "identity",
  "platform",
  "sites",
];
/** What contexts share besides events: how things are stored, kept secret and laid out. None of it knows a context. */
const COMMON_PARTS = ["eventing", "storage", "render", "rabbitmq"];
/** Folder of the cloud → folders of the cloud it may import; a context's routes may use a little of api as well. */
const CLOUD_PARTS: Readonly<Record<string, readonly string[]>> = {
  streams: [],
  eventing: ["streams"],
  vault: ["eventing"],
  storage: ["eventing"],
  render: [],
  rabbitmq: ["eventing"],
  bridges: ["eventing", "streams", "vault", "rabbitmq"],
  api: ["eventing", "streams", "identity", "render"],
  graphql: ["api"],
  rpc: ["api"],
  ...Object.fromEntries(CONTEXTS.map((context) => [context, COMMON_PARTS])),
  // It looks at what runs underneath the contexts, and knows none of them.
  platform: ["eventing", "streams", "bridges"],
  // It shows what contexts know of a place; contexts.ts hands it over.
  sites: ["render"],
  // What goes outside to integrators goes out as to brokers: read, and rid of what is personal, by the same code.
  webhooks: [...COMMON_PARTS, "bridges"],
};
/** Commands work with what lies in the store and at the hub. They check contexts, so they learn nothing from them. */
const OPEN_TO_COMMANDS = new Set([
  "",
  "cli",
  "api",
  "eventing",
  "streams",
  "vault",
  "bridges",
  "identity",
]);
/** Who may do what to whom: no state, no streams, and the same for everybody who has to ask. */
const RIGHTS = new Set(
  ["permissions", "rights", "access", "visible", "key-grants"].map(
    (name) => `cloud/identity/${name}.ts`,
  ),
);
/** What a context's routes, and what its routes are declared with, may use of api. */
const API_FOR_ROUTES = new Set(
  [
    "router",
    "guard",
    "problem",
    "tables",
    "idempotency",
    "operations",
    "deprecation",
    "span",
    "needs",
  ].map((name) => `cloud/api/${name}.ts`),
);

/** Folders whose sub-folders never import each other: each is one protocol, and can be deleted alone. */
const FAMILIES = ["edge-agent/devices", "cloud/bridges"];
/** What the members of a family may share: a form of bytes, and who keeps its schemas. */
const SHARED_BY_FAMILIES = new Set(["avro", "registry"]);

/** What a pure file may use from npm: schemas and civil time. */
const PURE_PACKAGES = new Set(["zod", "temporal-polyfill"]);
const IMPURE_WORDS =
  /\bnew Date\b|\bDate\.now\b|\bDate\(\)|\bTemporal\.Now\b|\bMath\.random\b|\bperformance\.|\bcrypto\.|\bprocess\./;

export const RULES: readonly Rule[] = [
  { name: "a room imports only the rooms open to it", offences: edges(crossesRooms) },
  {
    name: "only tests import from test/, and only its support and vectors",
    offences: edges(reachesIntoTest),
  },
  {
    name: "the parts of the edge agent meet only in agent.ts",
    offences: crossings("edge-agent", EDGE_PARTS),
  },
  { name: "one device's driver knows no other device", offences: edges(crossesFamily) },
  {
    name: "cloud contexts meet only through events, and use api only from their routes",
    offences: crossings("cloud", CLOUD_PARTS, isOpenToRoutes),
  },
  {
    name: "a command of the cloud knows no context, least of all the one it verifies",
    offences: edges(commandKnowsContext),
  },
  {
    name: "every folder of the cloud is under a rule",
    offences: (files) => [...new Set(files.map(pathOf).flatMap(unruledFolder))],
  },
  { name: "a decider and the working-time engine are pure", offences: impurities },
  {
    name: "subjects are written in shared/subjects.ts only",
    offences: lines(
      /["'`](?:clock|evt|cmd|beat|roster|dlq|retry|retried|notify|salary|salary-reply|terminal)[./]v1\b/,
      (path) => path === "shared/subjects.ts",
    ),
  },
  {
    name: "only main.ts and config.ts read the environment",
    offences: lines(/\bprocess\.env\b|import \{[^}]*\benv\b[^}]*\} from "node:process"/, (path) =>
      /(?:^|\/)(?:main|config)\.ts$/.test(path),
    ),
  },
  {
    name: "only main.ts ends the process",
    offences: lines(/\bprocess\.exit\(/, (path) => path.endsWith("/main.ts")),
  },
  {
    name: "what is imported is written out, so that these rules can see it",
    offences: (files) =>
      files.filter((file) => !isUnder(file.path, "test") && hasComputedImport(file)).map(pathOf),
  },
];

function pathOf(file: SourceFile): string {
  return file.path;
}

/** A rule about imports, each judged alone. */
function edges(isForbidden: (edge: Import) => boolean): Rule["offences"] {
  return (files) =>
    files
      .flatMap(importsOf)
      .filter((edge) => edge.ours && isForbidden(edge))
      .map((edge) => `${edge.from} → ${edge.to}`);
}

/** A rule about words in the rooms' code; tests may write what they like. */
function lines(forbidden: RegExp, isExempt: (path: string) => boolean): Rule["offences"] {
  return (files) =>
    files
      .filter(({ path }) => roomOf(path) in MAY_IMPORT && !isTest(path) && !isExempt(path))
      .flatMap((file) =>
        withoutComments(file.text)
          .split("\n")
          .filter((line) => forbidden.test(line))
          .map((line) => `${file.path}: ${line.trim()}`),
      );
}

function crossesRooms({ from, to }: Import): boolean {
  const own = roomOf(from);
  const other = roomOf(to);
  const open = MAY_IMPORT[own];
  if (open === undefined || own === other || other === "test") return false; // test/ has its own rule
  return !open.includes(other);
}

function reachesIntoTest({ from, to }: Import): boolean {
  if (roomOf(to) !== "test" || roomOf(from) === "test") return false;
  return !(isTest(from) && (isUnder(to, "test/support") || isUnder(to, "test/vectors")));
}

/**
 * Within a room: a part imports itself and the parts named for it, and of the files at the room's root none that knows
 * a part, for those put the parts together. Folders that are not in the table may do as they like.
 */
function crossings(
  room: string,
  parts: Readonly<Record<string, readonly string[]>>,
  isOpen: (edge: Import) => boolean = () => false,
): Rule["offences"] {
  return (files) => {
    const within = files
      .flatMap(importsOf)
      .filter(({ from, to }) => roomOf(from) === room && roomOf(to) === room);
    const composers = new Set(
      ["main.ts", "config.ts", "agent.ts"]
        .map((name) => `${room}/${name}`)
        .concat(
          within
            .filter(({ from, to }) => folderIn(room, from) === "" && folderIn(room, to) !== "")
            .map(({ from }) => from),
        ),
    );
    return within
      .filter((edge) => {
        const own = folderIn(room, edge.from);
        const other = folderIn(room, edge.to);
        const open = parts[own];
        if (open === undefined || own === other || isOpen(edge)) return false;
        return other === "" ? composers.has(edge.to) : !open.includes(other);
      })
      .map(({ from, to }) => `${from} → ${to}`);
  };
}

/** routes.ts and api know each other: a context's routes use api's router, and api mounts them. Nothing else passes. */
function isOpenToRoutes({ from, to }: Import): boolean {
  const fromContext = CONTEXTS.includes(folderIn("cloud", from));
  if (RIGHTS.has(to)) return fromContext || folderIn("cloud", from) === "api";
  const toContext = CONTEXTS.includes(folderIn("cloud", to));
  if (fromContext)
    return (
      /\/route(?:s|-definitions|-tables|-operation)(?:\.test)?\.ts$/.test(from) &&
      API_FOR_ROUTES.has(to)
    );
  // The written contract is made of all routes there are.
  if (isUnder(from, "cloud/api/contract") && to === "cloud/context-routers.ts") return true;
  return folderIn("cloud", from) === "api" && toContext && to.endsWith("/routes.ts");
}

function commandKnowsContext({ from, to }: Import): boolean {
  if (folderIn("cloud", from) !== "cli" || isTest(from) || roomOf(to) !== "cloud") return false;
  return !OPEN_TO_COMMANDS.has(folderIn("cloud", to));
}

/** The folder of the cloud that a file is in, if no rule names it. */
function unruledFolder(path: string): string[] {
  const folder = folderIn("cloud", path);
  return folder === "" || folder === "cli" || folder in CLOUD_PARTS ? [] : [`cloud/${folder}`];
}

function crossesFamily({ from, to }: Import): boolean {
  return FAMILIES.some((family) => {
    const own = memberOf(family, from);
    const other = memberOf(family, to);
    if (own === undefined || other === undefined || own === other) return false;
    return !SHARED_BY_FAMILIES.has(other);
  });
}

/**
 * Pure files are every decider and the working-time engine, together with all they import at run time: none may
 * reach Node or a vendor, and those of the same folder may not ask for the time, chance or the environment either.
 */
function impurities(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const offences = new Set<string>();
  for (const root of files.filter(mustBePure)) {
    const seen = new Set<SourceFile>();
    const queue = [root];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      if (directoryOf(file.path) === directoryOf(root.path)) {
        for (const line of withoutComments(file.text).split("\n")) {
          if (IMPURE_WORDS.test(line)) offences.add(`${file.path}: ${line.trim()}`);
        }
      }
      for (const edge of importsOf(file).filter(({ typeOnly }) => !typeOnly)) {
        const target = byPath.get(edge.to);
        if (target !== undefined) queue.push(target);
        if (edge.ours || PURE_PACKAGES.has(edge.to)) continue;
        offences.add(`${root.path} reaches ${edge.to} through ${file.path}`);
      }
    }
  }
  return [...offences];
}

function mustBePure({ path }: SourceFile): boolean {
  return !isTest(path) && (/[/-]decider\.ts$/.test(path) || isUnder(path, "shared/worktime"));
}

function roomOf(path: string): string {
  return path.split("/", 1)[0] ?? "";
}

/** The folder right below the room; "" for a file at its root. */
function folderIn(room: string, path: string): string {
  const [first = "", second = "", third] = path.split("/");
  return first === room && third !== undefined ? second : "";
}

function memberOf(family: string, path: string): string | undefined {
  if (!isUnder(path, family)) return undefined;
  const [member, file] = path.slice(family.length + 1).split("/");
  return file === undefined ? undefined : member;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function isUnder(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Tests, and the suites that every member of a family passes. */
function isTest(path: string): boolean {
  return /\.(?:test|contract)\.ts$/.test(path) || isUnder(path, "test");
}
