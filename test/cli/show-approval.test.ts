/** What a person is shown at the terminal before deciding. */
import { describe, expect, test } from "vitest";
import { approvalText } from "../../cli/show-approval.ts";
import type { WireApproval } from "../../sdk/index.ts";

const ASKED: WireApproval = {
  id: "apr_0",
  status: "pending",
  expires_at: "2026-11-23T10:30:00.000Z",
  url: "https://policy.example/v1/approvals/apr_0",
  needs: [{ approval: "lead_review", quorum: 2, votes: 1 }],
  reason: null,
  session: "ses_0",
  agent: "support_bot",
  owner: "leads",
  purpose: "Answers",
  requester: null,
  action: "crm.contacts.delete",
  resources: ["crm/contacts/c-1"],
  args: { contact: "c-1" },
  rules: [{ id: "r_1", tier: "ask", via: "lead_review", doc: "A lead looks." }],
  labels: [],
  recovery: null,
  intent: "the disk is full\u001b[2J",
  task: null,
  request_digest: "sha256:0",
  asked_at: "2026-11-23T10:00:00.000Z",
};

describe("a request to act", () => {
  test("shows action, resources and arguments", () => {
    const text = approvalText(ASKED);
    for (const part of ["crm.contacts.delete", "crm/contacts/c-1", '"contact": "c-1"', "1 of 2 votes"])
      expect(text).toContain(part);
    expect(text).not.toContain("role ");
    expect(text).not.toContain("below");
    expect(text).not.toContain("reason");
  });

  test("shows the limit that asks", () => {
    const text = "limit crm.contacts.delete to 5 in 1h per agent then ask via lead_review";
    const rules = [{ id: "l_1", tier: "limit", via: "lead_review", text }] as const;
    expect(approvalText({ ...ASKED, rules })).toContain(`asked by    ${text}\n`);
  });

  test("names the agents above the one that asks, the root's first", () => {
    expect(approvalText({ ...ASKED, callers: ["planner", "wri\u202eter"] })).toContain("planner > wri\\u{202e}ter");
  });
});

describe("a request for a role", () => {
  const text = approvalText({
    ...ASKED,
    action: "become cleaner",
    elevation: { role: "clea\u202ener", for: "30m" },
    resources: [],
    args: { role: "cleaner", for: "30m" },
    rules: [{ id: "r_2", tier: "allow", text: "allow crm.contacts.delete", doc: "Deletes what nobody reads." }],
  });

  test("says which role, for how long, and what it brings", () => {
    expect(text).toMatch(/role +clea\\u\{202e\}ner for 30m: its rules count in this session for so long/);
    expect(text).toMatch(/gains +allow crm\.contacts\.delete Deletes what nobody reads\./);
  });

  test("shows no arguments or resources that there aren't, and the agent's words as such", () => {
    expect(text).not.toContain("arguments");
    expect(text).toContain("the agent's own words, which nobody vouches for");
    expect(text).toContain("the disk is full\\u{1b}[2J");
  });
});
