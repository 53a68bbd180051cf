import { bridgeContract } from "../support/bridge.contract.ts";
import { DESTINATION_KINDS } from "../support/bridge-destinations.ts";

bridgeContract(DESTINATION_KINDS.kafka);
