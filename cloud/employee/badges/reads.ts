import type { Selectable } from "kysely";
import type { Visible } from "../../identity/access.ts";
import { aboutVisible } from "../../identity/visible.ts";
import type { EmployeeDb } from "../projection.ts";
import type { Db } from "../reads.ts";

/** One stretch in which somebody holds or held a badge. Without what could open a door. */
export type Holding = Pick<
  Selectable<EmployeeDb["badge_periods"]>,
  "id" | "badge" | "employee_id" | "valid_from" | "valid_to"
> & { readonly hasPin: boolean };

export interface HoldingQuery {
  readonly badge?: string | undefined;
  /** The badge's key begins so. */
  readonly search?: string | undefined;
  readonly employeeId?: string | undefined;
  readonly isHeld?: boolean | undefined;
  readonly after?: readonly [badge: string, id: number] | undefined;
  /** Of people whom the caller may see. */
  readonly visible: Visible;
  readonly limit: number;
}

/** By badge, and of one badge in the order in which it was given out. */
export async function holdings(db: Db, query: HoldingQuery): Promise<Holding[]> {
  const { badge, search, employeeId, isHeld, after, limit } = query;
  let rows = db
    .selectFrom("badge_periods")
    .selectAll()
    .where(aboutVisible(query.visible, "employee_id"));
  if (badge !== undefined) rows = rows.where("badge", "=", badge);
  if (search !== undefined) rows = rows.where("badge", "like", `${search}%`);
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  if (isHeld !== undefined) rows = rows.where("valid_to", isHeld ? "is" : "is not", null);
  if (after !== undefined) {
    const [name, id] = after;
    rows = rows.where((eb) => eb(eb.refTuple("badge", "id"), ">", eb.tuple(name, id)));
  }
  const found = await rows.orderBy("badge").orderBy("id").limit(limit).execute();
  return found.map(({ id, badge: name, employee_id, valid_from, valid_to, pin_json }) => ({
    id,
    badge: name,
    employee_id,
    valid_from,
    valid_to,
    hasPin: pin_json !== null,
  }));
}
