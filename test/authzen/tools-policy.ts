/** A gateway in front of tools: agents that work for people, limits, labels, questions to people. */
export const TOOLS_POLICY = `policy "tools" {
  session    lifetime 1h idle 30m
  lease      5s
  people     oidc "https://people.corp.example" audience "people-of-corp"
  requesters oidc "https://login.corp.example" audience "agents-of-corp"
  operators  ops
  auditors   ops
}

label untrusted is taint

group leads = ["lea@corp.example"]
group ops   = ["oda@corp.example"]

approval lead_review {
  approvers leads
  within    1h
}

action files.read(file: path)
  is read
  on "files/{file}"
  yields untrusted

action files.write(file: path, text: string(max 100))
  is write
  on "files/{file}"
  recovery "Restore the version before."

action mail.send(to: email, subject: string(max 100), body: string(max 1000))
  is external
  on "mail/{to}"

action notes.add(text: string(max 100))
  is write
  on none

action orders.refund(order: string(max 20), amount: decimal(min 0.01, max 1000), context: record { channel: string(max 20)? })
  is spend
  on "orders/{order}"
  recovery "Ask for it back."

action boxes.open(box: enum("red", "green", "blue"))
  is read
  on "boxes/{box}"

role helper {
  allow files.read
  ask   files.write via lead_review
  allow mail.send unless session has untrusted
  allow notes.add
  limit notes.add to 3 in 1h per session
  allow orders.refund when args.amount <= 50 and args.context.channel is present and args.context.channel == "phone"
  limit orders.refund total args.amount to 100 in 1h per agent
  allow boxes.open when args.box != "blue"
}

gateway front_door {
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  for      bot, clerk, spare
}

agent bot {
  owner    ops
  purpose  "Is asked about"
  roles    helper
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  review   by 2099-12-31
}

agent clerk {
  owner     ops
  purpose   "Works for people"
  roles     helper
  identity  key ed25519 "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU"
  requester required
  review    by 2099-12-31
  allow files.write when requester.id == "kim@corp.example"
}

agent spare {
  owner    ops
  purpose  "Does little"
  identity key ed25519 "J4EX_BRMcjQPZ9DyMW6Dhs7_vyskKMnFH-98WX8dQm4"
  review   by 2099-12-31
  allow notes.add
}

agent alone {
  owner    ops
  purpose  "Asks for itself"
  roles    helper
  identity key ed25519 "7Bcrk61eVjv0kyxw4SRQNMNUZ-8u_U1k6_gZaDRn4r8"
  review   by 2099-12-31
}
`;
