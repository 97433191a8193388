/**
 * On a developer's machine any web page can send requests to a local port, under its own `Origin` or, by DNS rebinding,
 * under its own `Host`. Neither is served there; a deployed Worker has a host of its own and no cookies to abuse.
 */
import { DEVELOPMENT } from "../deployment.ts";
import type { Deployment } from "../deployment.ts";
import { HttpProblem } from "./problem.ts";

/** @throws HttpProblem `forbidden` */
export function requireOwnOrigin(request: Request, deployment: Deployment): void {
  if (deployment.environment !== DEVELOPMENT) return;
  const hosts = deployment.origins.map((origin) => origin.replace(/^https?:\/\//, ""));
  if (!hosts.includes(request.headers.get("Host") ?? new URL(request.url).host))
    throw new HttpProblem("forbidden", `the development edge is reached as ${deployment.origins.join(" or ")} only`);
  const origin = request.headers.get("Origin");
  if (origin !== null && !deployment.origins.includes(origin))
    throw new HttpProblem("forbidden", "the development edge takes no requests from other web pages");
}
