/** The policy that `init` writes: small, complete, without findings, and with every tier in it. */

export interface FirstPolicy {
  readonly name: string;
  /** Of `first_agent`, in base64url. */
  readonly publicKey: string;
  /** `2027-05-31` */
  readonly reviewBy: string;
}

export function firstPolicy({ name, publicKey, reviewBy }: FirstPolicy): string {
  return `policy ${JSON.stringify(name)} {
  environments production
  session      lifetime 8h idle 30m
  lease        10s
  retain       183d
  people       oidc "https://login.example.com" audience "agentpolicy"  // your identity provider
  operators    team                                                     // may stop an agent
  auditors     team                                                     // may read what happened
}

group team = ["you@example.com", "colleague@example.com"]

channel team_chat = slack secret "SLACK_TEAM_WEBHOOK"

/// Somebody of the team looks at it first.
approval team_review {
  approvers team
  within    4h
}

// What the tools can do.

action notes.read(note: string(max 64))
  is read
  on "notes/{note}"

action notes.write(note: string(max 64), text: string(max 4000))
  is write
  on "notes/{note}"

action notes.delete(note: string(max 64))
  is write, delete
  on "notes/{note}"
  recovery "Deleted notes stay in the bin for 30 days."

action mail.send(to: email, subject: string(max 200), body: string(max 20000))
  is external, irreversible
  on "mail/outbox"
  recovery "A sent mail can't be recalled; send a correction."

// Who may do what.

role assistant {
  allow  read
  allow  notes.*
  notify notes.write on "notes/shared-*" to team_chat
  ask    mail.send via team_review

  limit  notes.write to 20 per session
  limit  notes.write to 200 in 24h per agent
}

/// Holds for every agent, present and future, whatever its roles grant.
every agent {
  never delete
  limit * to 60 in 1m per agent
}

agent first_agent {
  owner    team
  purpose  "Keeps notes and drafts mails"
  roles    assistant
  identity key ed25519 ${JSON.stringify(publicKey)}
  review   by ${reviewBy}
}
`;
}

export function firstTests(): string {
  return `test "notes are kept without asking" {
  agent first_agent
  notes.read(note: "n-1")                       => allow
  notes.write(note: "n-1", text: "hello")       => allow
  notes.write(note: "shared-1", text: "hello")  => notify
}

test "a mail waits for a person" {
  agent first_agent
  mail.send(to: "kim@example.com", subject: "hi", body: "…")           => ask via team_review
  approved mail.send(to: "kim@example.com", subject: "hi", body: "…")  => allow
}

test "nothing is deleted, although the role may use all notes" {
  agent first_agent
  notes.delete(note: "n-1")  => never
}
`;
}
