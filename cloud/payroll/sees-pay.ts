import { mayUse, type Principal } from "../api/router.ts";

/** Who may see what people earn. */
export const seesPay = (principal: Principal): boolean =>
  mayUse(principal, "admin") || principal.roles.includes("payroll");
