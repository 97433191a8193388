/** One way of answering the workload's requests. */
import type { NeutralRequest } from "./workload.ts";

export interface Contender<Call> {
  readonly name: string;
  readonly note: string;
  /** Done before the clock runs: only what a caller has at hand anyway. */
  translate(request: NeutralRequest): Call;
  /** What is measured. */
  allows(call: Call): boolean;
}
