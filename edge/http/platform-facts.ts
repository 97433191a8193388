/** `request.ip` and `request.country`: the platform's word, so unknown where no platform vouches for them. */
import { DEVELOPMENT } from "../deployment.ts";
import type { AppContext } from "./context.ts";

/** On a developer's machine the address is anyone's and the country is made up. */
export function platformFacts(c: AppContext): { readonly ip?: string; readonly country?: string } {
  if (c.get("deployment").environment === DEVELOPMENT) return {};
  const ip = c.req.header("CF-Connecting-IP");
  const country = (c.req.raw as Request<unknown, IncomingRequestCfProperties>).cf?.country;
  return { ...(ip === undefined ? {} : { ip }), ...(typeof country === "string" ? { country } : {}) };
}
