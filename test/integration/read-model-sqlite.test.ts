import { describeReadModel } from "./read-model.contract.ts";

describeReadModel("SQLite");
