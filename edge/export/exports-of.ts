/** The sinks of a deployment, from its variables and secrets. */
import { parseJson } from "../parse-json.ts";
import { readSinks, type ReadSinks, type Secrets } from "./read-sinks.ts";

/** On the machine of who develops, a receiver may stand beside the edge, without TLS. */
const PLAIN = "development";

/** @param env the Worker's, with `DEPLOYMENT`, `EXPORTS` and the secrets that it names */
export function exportsOf(env: object): ReadSinks {
  const variables = env as Secrets;
  const deployment = parseJson(variables["DEPLOYMENT"]);
  const environment =
    typeof deployment === "object" && deployment !== null ? Reflect.get(deployment, "environment") : undefined;
  return readSinks(variables["EXPORTS"], variables, environment === PLAIN);
}
