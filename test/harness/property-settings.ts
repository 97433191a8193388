/**
 * For every property test: in CI a failure is told at once, with its seed. Looking for the smallest one takes minutes;
 * whoever mends it does that with the seed.
 */
import * as fc from "fast-check";

fc.configureGlobal({ endOnFailure: process.env["CI"] !== undefined });
