import { makeAuthority } from "./certificates.ts";
import { formatNodes, type KafkaServer, planNodes, startNode } from "./kafka.ts";
import { tempDir } from "./temp.ts";

const ADMIN = "admin";

export interface SecureKafka extends KafkaServer {
  /** File of the certificate that clients have to trust. */
  readonly caFile: string;
  /** The users there are with their passwords; `admin` may do everything, the others what an ACL says. */
  readonly passwords: Readonly<Record<string, string>>;
}

/**
 * Starts a broker that is reached by TLS and a password (SASL_SSL, SCRAM-SHA-512) alone and lets a user do only what an
 * ACL allows. `users` are made beside `admin`.
 */
export async function startSecureKafka(users: readonly string[] = []): Promise<SecureKafka> {
  const temp = tempDir("kafka-secure");
  try {
    const [plan] = await planNodes(temp.path, 1);
    if (plan === undefined) throw new Error("one node was planned");
    const authority = await makeAuthority(temp.path);
    const files = { keystore: await authority.issue("broker"), ca: authority.caFile };
    const passwords = Object.fromEntries(
      [ADMIN, ...users].map((user) => [user, crypto.randomUUID()]),
    );
    const secure = { ...plan, config: secureConfig(plan, files, passwords[ADMIN] ?? "") };
    const credentials = Object.entries(passwords).map(
      ([user, password]) => `SCRAM-SHA-512=[name=${user},password=${password}]`,
    );
    await formatNodes(
      [secure],
      credentials.flatMap((each) => ["--add-scram", each]),
    );
    const node = await startNode(secure);
    return {
      ...node,
      caFile: authority.caFile,
      passwords,
      async [Symbol.asyncDispose]() {
        await node.kill();
        temp.remove();
      },
    };
  } catch (error) {
    temp.remove();
    throw error;
  }
}

function secureConfig(
  { port, controllerPort }: { port: number; controllerPort: number },
  files: { keystore: string; ca: string },
  password: string,
): string[] {
  const login = "org.apache.kafka.common.security.scram.ScramLoginModule";
  return [
    `listeners=SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name=SASL_SSL",
    "sasl.enabled.mechanisms=SCRAM-SHA-512",
    "sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512",
    `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login} required username="${ADMIN}" password="${password}";`,
    "ssl.keystore.type=PEM",
    `ssl.keystore.location=${files.keystore}`,
    "ssl.truststore.type=PEM",
    `ssl.truststore.location=${files.ca}`,
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    // The controller's listener is plain, for itself on loopback.
    `super.users=User:${ADMIN};User:ANONYMOUS`,
  ];
}
