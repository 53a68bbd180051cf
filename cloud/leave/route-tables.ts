import type { TableColumn } from "../api/tables.ts";
import type { AccountView } from "./views.ts";

type Line = AccountView["accounts"][number]["ledger"][number] & { readonly policy: string };

/** Every line of every account, account by account. */
export const linesOf = ({ accounts }: AccountView): Line[] =>
  accounts.flatMap(({ policy, ledger }) => ledger.map((line) => ({ ...line, policy })));

export const LINE_COLUMNS: ReadonlyArray<TableColumn<Line>> = [
  { title: "Policy", of: (row) => row.policy },
  { title: "Date", of: (row) => row.on },
  { title: "Kind", of: (row) => row.kind },
  { title: "Minutes", align: "right", of: (row) => row.minutes },
  { title: "Balance", align: "right", of: (row) => row.balanceMinutes },
  { title: "Leave", of: (row) => row.leaveId },
  { title: "Reason", width: 2, of: (row) => row.reason },
];
