/** ASI04: tools that come from elsewhere. A reviewed catalogue pins what they are. */
import { type Assessment, declaration, gap, measure, type PolicyView } from "./policy-view.ts";

export function assessSupplyChain(view: PolicyView): Assessment {
  const { servers, actions } = view.table.body;
  const pinned = actions.filter(({ tool }) => tool !== null && tool.sha256 !== null);
  const loose = actions.filter((action) => !pinned.includes(action)).map(({ name }) => `\`${name}\``);
  const shown = loose.slice(0, 5).join(", ") + (loose.length > 5 ? ` and ${loose.length - 5} more` : "");
  return {
    enforced: [
      ...measure(
        "catalogues of tools that were reviewed; a changed catalogue doesn't compile",
        servers.map(({ name, url }) => declaration(view, "server", name, ` ${url}`)),
      ),
      ...measure(
        "a tool whose name, schema or description changed is denied until it is reviewed",
        pinned.map(({ name }) => declaration(view, "action", name, "", "tool digests")),
      ),
    ],
    open: gap(loose.length > 0, `not bound to a reviewed tool: ${shown}`, SERVER),
  };
}

const SERVER = 'declare where they come from: `server NAME mcp "URL" tools "FILE" sha256 "…"`';
