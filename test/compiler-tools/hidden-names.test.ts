/** Names that hold what a reader can't see, or what commands a terminal, in everything that is printed of a policy. */
import { expect, test } from "vitest";
import {
  compile,
  didYouMean,
  explainScenario,
  explainText,
  matrix,
  matrixHtml,
  matrixMermaid,
  matrixText,
  owaspReport,
  owaspText,
  readScenario,
  runTests,
  testRunText,
  whoCan,
  whoCanText,
} from "../../compiler/index.ts";
import { renderDiagnostics, type Source } from "../../dsl/index.ts";
import { prepare, type Table } from "../../engine/index.ts";

const HIDDEN = ["\u001b", "\u009b", "\u202e", "\u2066", "\u200b", "\ufe0f", "\u3164", "\u115f", "\u2800", "\u{e0041}"];
const written = HIDDEN.map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("x");
const ACTION = `"cr${written}"."re${written}\\nNEXT</script>"`;
const source: Source = {
  name: "hidden.agentpolicy",
  text: `policy "names ${written}" {
  people oidc "https://login.acme.example" audience "esc"
}
group leads = ["ana@acme.example"]
approval lead_review { approvers leads }
/// Reads.
action ${ACTION}("to${written}": string(max 64))
  is read
  on "crm/all"
action plain.other(to: string(max 64)) is delete on "crm/all"
agent bot {
  owner    leads
  purpose  "Looks ${written}"
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review   by 2027-05-30
  allow ${ACTION} when args."to${written}" == "${written}"
  allow plain.other
  ask   ${ACTION} on "crm/all" when args."to${written}" like "a*" via lead_review
  limit ${ACTION} to 5 in 1h per agent
}
test "hidden ${written}" {
  agent bot
  ${ACTION}("to${written}": "b") => allow
}
`,
};
const style = { colour: false, width: 80 };

function texts(): { readonly [name: string]: string } {
  const compilation = compile([source], { today: Date.UTC(2026, 10, 21) });
  const table = compilation.table as Table;
  const [action] = table.body.actions;
  if (action === undefined) throw new Error("the policy has an action");
  const found = matrix(table);
  const args = JSON.stringify({ [action.params[0]?.name ?? ""]: "a" });
  const scenario = readScenario({ agent: "bot", action: action.name, args, session: null, now: 0 }, table);
  if (!scenario.ok) throw new Error(scenario.problem);
  const explanation = explainScenario(prepare(table), scenario.request, scenario.state);
  return {
    frames: renderDiagnostics(compilation.diagnostics, [source], style),
    "show as text": matrixText(found, style),
    "show as HTML": matrixHtml(found),
    "show as a flowchart": matrixMermaid(found),
    "who-can": whoCanText(whoCan(table, action), { ...style, rules: true }),
    explain: explainText(explanation, table, { ...style, agent: "bot" }),
    test: testRunText(runTests(compilation, { coverage: true }), [source], style),
    owasp: owaspText(owaspReport(table, compilation.diagnostics, [source], []), style),
    "a name that isn't there": didYouMean("nothing of the kind", [action.name]) ?? "",
  };
}

test.each(Object.entries(texts()))("%s prints no character that a reader can't see", (name, text) => {
  expect(HIDDEN.filter((character) => text.includes(character))).toEqual([]);
  // In HTML a line end is a space.
  if (name !== "show as HTML") expect(text).not.toContain("\nNEXT");
});

test("HTML holds no element of a name's", () => {
  expect(texts()["show as HTML"]).not.toContain("NEXT</script>");
});
