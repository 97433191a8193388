/** How records and pages name a person. */
import type { PersonRef } from "./rpc.ts";

export function personName({ iss, sub, email }: PersonRef): string {
  return email ?? `${iss}#${sub}`;
}
