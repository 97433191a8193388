import { describe, expect, test } from "vitest";
import { matrix, matrixHtml, matrixMermaid, matrixText } from "../../compiler/index.ts";
import { compiled } from "./compiled.ts";

const KEYS = ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "Y1qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"];

/** One agent that may call another, and may become what neither is. */
const PIECE = `
action "odd] \\"end\\"".x() is read on none

role sales {
  allow crm.contacts.read, "odd] \\"end\\"".x
  ask   email.send via lead_review
}
role oncall {
  allow payments.refund when args.amount <= 50
  ask   payments.refund unless args.amount <= 50 via finance_pair
  limit payments.refund to 5 in 1h per agent
}
agent sales_bot {
  owner leads
  purpose "Sells"
  roles sales
  identity key ed25519 "${KEYS[0]}"
  review by 2027-11-30
}
agent billing_bot {
  owner leads
  purpose "Bills"
  allow crm.contacts.read
  may call sales_bot for email.send, crm.*
  may become oncall via lead_review for 1h
  identity key ed25519 "${KEYS[1]}"
  review by 2027-11-30
}`;

const found = matrix(compiled(PIECE).table);
const billing = found.agents.find(({ name }) => name === "billing_bot");

describe("the matrix tells what an agent can have beyond its roles", () => {
  test("as data, with what a role changes while it is had", () => {
    expect(billing?.may_call).toEqual([{ agent: "sales_bot", for: ["email.send", "crm.*"] }]);
    expect(billing?.may_become).toMatchObject([
      {
        role: "oncall",
        via: "lead_review",
        duration: "1h",
        gains: [
          {
            action: "payments.refund",
            outcomes: [
              { tier: "allow", via: [] },
              { tier: "ask", via: ["finance_pair"] },
            ],
          },
        ],
      },
    ]);
    const rules = billing?.may_become[0]?.rules.map((id) => found.rules[id]?.text);
    expect(rules).toContain("limit payments.refund to 5 in 1h per agent");
  });

  test("at a terminal of 80 columns", () => {
    const text = matrixText(found, { colour: false, width: 80 });
    expect(text).toContain(`billing_bot may call sales_bot for email.send, crm.*
            may become oncall via lead_review for 1h: payments.refund allow |
            ask (finance_pair)
`);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("on the page, with the rules of the role", () => {
    const page = matrixHtml(found);
    expect(page).toContain("may call sales_bot for email.send, crm.*");
    expect(page).toContain("only as oncall");
  });
});

test("the graph has the grants, approvals, delegation and elevation, in Mermaid's syntax", () => {
  const graph = matrixMermaid(matrix(compiled(PIECE).table, { agents: ["billing_bot", "sales_bot"] }));
  expect(graph).toMatchInlineSnapshot(`
    "flowchart LR
      agent0(["billing_bot"]):::agent
      agent2(["sales_bot"]):::agent
      role6[/"role oncall"/]:::role
      subgraph group0 ["crm"]
        action1["crm.contacts.read"]
      end
      subgraph group1 ["email"]
        action3["email.send"]
      end
      subgraph group2 ["odd#93; #34;end#34;"]
        action5["odd#93; #34;end#34;.x"]
      end
      subgraph group3 ["payments"]
        action7["payments.refund"]
      end
      approval4{{"lead_review"}}:::approval
      approval8{{"finance_pair"}}:::approval
      agent0 -->|"allow"| action1
      agent2 -->|"allow"| action1
      agent2 -->|"ask"| action3
      action3 -.-> approval4
      agent2 -->|"allow"| action5
      agent0 ==>|"may call for email.send, crm.*"| agent2
      agent0 -.->|"may become for 1h"| role6
      role6 -.-> approval4
      role6 -.->|"allow, it depends"| action7
      role6 -.->|"ask, it depends"| action7
      action7 -.-> approval8
      linkStyle 0,1,4,8 stroke:#1a7f37,stroke-width:2px
      linkStyle 2,3,7,9,10 stroke:#b35900,stroke-width:2px
      classDef agent fill:#eef4ff,stroke:#335a9e,color:#10233f
      classDef role fill:#f4efff,stroke:#6e40c9,color:#2b1a52
      classDef approval fill:#fff4e5,stroke:#b35900,color:#4d2600
    "
  `);
  // Nothing that a name holds ends a label.
  for (const [label] of graph.matchAll(/"[^"]*"/g)) expect(label).toMatch(/^"(?:[\p{L}\p{N} ._,*-]|#\d+;)*"$/u);
  expect(graph.replace(/"[^"]*"/g, "")).not.toContain('"');
});
