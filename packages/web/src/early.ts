/**
 * What the page starts before it loads its picture. A worker begins only while the page's thread is free, and that
 * thread will be busy with WebGL for a while.
 */
import { createFlightClient } from "./flight-client.js";
import { createPolicyLibrary } from "./policy-library.js";

/** What flies when a link asks for nothing else. */
export const FIRST = "snn";

const linkNamesPolicy = new URLSearchParams(location.hash.slice(1)).has("policy");
export const { client, listen } = createFlightClient();
export const libraryLoading = createPolicyLibrary(client, linkNamesPolicy ? [] : [FIRST]);
