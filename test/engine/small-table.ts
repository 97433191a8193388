/** A table written by hand, as small as one can be that still has every kind of part. */
import { sha256Hex } from "../../compiler/index.ts";
import type { Table, TableBody } from "../../engine/index.ts";

const SETTINGS: TableBody["settings"] = {
  environments: ["production"],
  session: { lifetime: 28_800_000, idle: 1_800_000 },
  lease: 10_000,
  retain: 86_400_000,
  region: null,
  people: null,
  requesters: null,
  operators: [],
  auditors: [],
  deployers: [],
};

const APPROVALS: TableBody["approvals"] = [
  {
    name: "lead",
    approvers: ["owners"],
    requester: false,
    quorum: 1,
    tell: ["ops"],
    within: 3_600_000,
    use_within: 900_000,
    reason_required: false,
    excluding_owners: false,
    escalate: [],
    reuse: null,
    fatigue: null,
    decoys: null,
    doc: null,
  },
];

const ACTIONS: TableBody["actions"] = [
  {
    name: "doc.read",
    params: [{ name: "id", type: { kind: "string", min: null, max: 64, like: null }, optional: false, secret: false }],
    open: false,
    classes: [{ name: "read", when: null }],
    resources: [
      {
        template: [
          { kind: "text", text: "docs" },
          { kind: "hole", path: ["id"], type: { kind: "string", min: null, max: 64, like: null } },
        ],
        when: null,
      },
    ],
    yields: [{ label: "untrusted", when: null }],
    clears: [],
    recovery: null,
    tool: null,
    doc: null,
  },
];

const BLOCKS: TableBody["blocks"] = [
  {
    kind: "role",
    name: "reader",
    rules: [
      {
        id: "r_000000000001",
        tier: "ask",
        trial: false,
        scope: { select: [{ kind: "class", name: "read" }], except: [], on: null, on_except: [] },
        when: { op: "during", schedule: "office" },
        to: [],
        via: ["lead"],
        until: null,
        text: "ask read when during office via lead",
        doc: null,
      },
    ],
    limits: [
      {
        id: "l_000000000001",
        counter: "c_000000000000000000000001",
        trial: false,
        scope: { select: [{ kind: "any" }], except: [], on: null, on_except: [] },
        when: null,
        total: null,
        n: "10",
        window: 3_600_000,
        per: "agent",
        keys: [],
        via: null,
        text: "limit * to 10 in 1h per agent",
        doc: null,
      },
    ],
  },
];

const AGENTS: TableBody["agents"] = [
  {
    name: "bot",
    owner: "owners",
    purpose: "reads",
    roles: ["reader"],
    identities: [{ kind: "key", algorithm: "ed25519", public_key: "A".repeat(43) }],
    requester_required: false,
    review_by: 1_900_000_000_000,
    task_from_client: false,
    starts_with: ["untrusted"],
    may_call: [],
    may_become: [],
    doc: null,
  },
];

export function smallBody(): TableBody {
  return {
    name: "small",
    settings: SETTINGS,
    labels: [{ name: "untrusted", kind: "taint" }],
    live_sets: [],
    servers: [],
    gateways: [],
    canaries: [],
    breakers: [],
    needs: [],
    sets: [{ name: "sizes", members: [1, 2] }],
    schedules: [{ name: "office", zone: "UTC", weekly: [[540, 1020]], offsets: [[0, 0]], until: 4_000_000_000_000 }],
    groups: [{ name: "owners", members: ["owner@small.example"], claim: null }],
    channels: [{ name: "ops", kind: "slack", secret: "OPS" }],
    approvals: APPROVALS,
    classes: ["read"],
    actions: ACTIONS,
    blocks: BLOCKS,
    agents: AGENTS,
  };
}

/** The body with places and right hashes. */
export function tableOf(body: unknown): Table {
  const places = { files: ["small.agentpolicy"], rules: [["r_000000000001", 0, 1, 1]], declarations: [] };
  return {
    format: 2,
    hash: `sha256:${sha256Hex(JSON.stringify(body))}`,
    body,
    places_hash: `sha256:${sha256Hex(JSON.stringify(places))}`,
    places,
  } as unknown as Table;
}
