/** One way of answering the workload's requests. */
import type { NeutralRequest } from "./workload.ts";

export interface Contender<Call> {
  readonly name: string;
  readonly note: string;
  /** Done before the clock runs: the form in which a caller of this engine would have the request. */
  translate(request: NeutralRequest): Call;
  /** What is measured. */
  allows(call: Call): boolean;
}
