/** A finding's code as SARIF describes it: its title, its page, and what of the OWASP Agentic Top 10 it is about. */
import { servedRisks } from "../../compiler/index.ts";
import type { Diagnostic } from "../../dsl/index.ts";
import { version } from "../version.ts";
import { pagePath, pageTitle, readPage } from "./page.ts";

export function sarifRule(code: string, level: Diagnostic["level"]): object {
  const page = readPage(code) ?? "";
  const title = pageTitle(page) || code;
  return {
    id: code,
    shortDescription: { text: title },
    help: { text: `agentpolicy check --explain ${code}`, markdown: page },
    helpUri: helpUri(code),
    defaultConfiguration: { level },
    properties: { tags: ["security", ...servedRisks(code).map((risk) => `OWASP ${risk}`)] },
  };
}

/** The page in the released package, as a package URL (github.com/package-url/purl-spec): it needs no host. */
function helpUri(code: string): string {
  return `pkg:npm/agentpolicy@${version()}#${pagePath(code)}`;
}
