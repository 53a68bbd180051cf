import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { BUCKETS, personKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { Kvm } from "@nats-io/kv";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import { onBucket, putIfChanged } from "./bucket.ts";
import type { DirectoryDeps } from "./directory.ts";
import { activityOf, type PersonState } from "./person.ts";
import { employee } from "./reads.ts";

/**
 * Keeps the `profiles` bucket: who is who, for services without a key to anybody's data. Like the directory it is written
 * from the read model, never from the entry before.
 */
export async function openProfileWriter(
  deps: DirectoryDeps & { readonly zone: string },
): Promise<(stored: StoredEvent) => Promise<void>> {
  const { nc, tenant, db, zone, isUpTo } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.profiles);
  return async (stored) => {
    await isUpTo(stored.seq);
    const { employeeId } = decidedAs<EmployeeEvent>(stored).data;
    const found = await employee(db, employeeId);
    const value = found === undefined ? undefined : encode(profileOf(found.person, zone));
    await onBucket(nc, () => putIfChanged(kv, personKey(tenant, employeeId), value));
  };
}

function profileOf(person: PersonState, zone: string): object {
  const { data } = person;
  return {
    status: data.status,
    activity: activityOf(person),
    departmentId: data.departmentId,
    managerId: data.managerId,
    siteIds: data.siteIds,
    employmentType: data.employmentType,
    locale: data.locale ?? null,
    zone: data.zone ?? zone,
  };
}
