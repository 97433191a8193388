/** `agentpolicy deploy --dry-run`: wrangler really builds it, without an account and without a network. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { agentpolicy, firstPolicyFolder, folderWith } from "./run-command.ts";

/** No account, and whatever tried to reach one would fail. */
const OFFLINE = {
  CLOUDFLARE_API_TOKEN: "",
  CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
};

test("a dry run leaves what wrangler would upload, and no secret in it", async () => {
  using folder = firstPolicyFolder();
  const ran = await agentpolicy(["deploy", "--dry-run", "--origin", "https://policy.example"], {
    cwd: folder.path,
    env: OFFLINE,
  });
  expect(ran.stderr).toContain("dry run: nothing was uploaded");
  expect(ran.code).toBe(0);
  const built = join(folder.path, ".agentpolicy/deploy/production");
  const config = JSON.parse(readFileSync(join(built, "wrangler.json"), "utf8")) as Record<string, unknown>;
  expect(config).toMatchObject({
    name: "agentpolicy-first-policy",
    workers_dev: false,
    preview_urls: false,
    routes: [{ pattern: "policy.example", custom_domain: true }],
    kv_namespaces: [{ binding: "SWITCHES" }],
    migrations: [
      { new_sqlite_classes: ["SessionObject", "AgentObject", "SwitchboardObject"] },
      { new_sqlite_classes: ["BudgetObject"] },
      { new_sqlite_classes: ["LedgerObject"] },
    ],
    secrets: { required: ["SESSION_TOKEN_KEY", "PERMIT_KEY", "CHECKPOINT_KEY", "ARGS_MAC_KEY"] },
  });
  expect(JSON.stringify(config)).not.toContain("DEVELOPMENT_ISSUER");
  const { vars } = config as { vars: { DEPLOYMENT: string } };
  expect(JSON.parse(vars.DEPLOYMENT)).toEqual({
    sequence: 1,
    environment: "production",
    origins: ["https://policy.example"],
  });
  for (const name of ["worker.js", "table.txt"]) expect(existsSync(join(built, "out", name))).toBe(true);
  const table = await agentpolicy(["compile"], { cwd: folder.path });
  expect(readFileSync(join(built, "out", "table.txt"), "utf8").trimEnd()).toBe(table.stdout.trimEnd());
});

test("what init leaves to be filled in is said in a dry run, and not deployed", async () => {
  using folder = folderWith({});
  const cwd = folder.path;
  expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
  const dry = await agentpolicy(["deploy", "--dry-run"], { cwd, env: OFFLINE });
  expect(dry.code).toBe(0);
  expect(dry.stderr.replaceAll(/\s+/g, " ")).toContain(
    "before it can be deployed: `people` come from `https://login.example.com`, a placeholder",
  );
  expect(dry.stderr.replaceAll(/\s+/g, " ")).toContain(
    "before it can be deployed: give its address with `--origin https://policy.example`",
  );
  const args = ["deploy", "--yes", "--first", "--origin", "https://policy.invalid"];
  const real = await agentpolicy(args, { cwd, env: OFFLINE });
  expect(real.code).toBe(1);
  expect(real.stderr.replaceAll(/\s+/g, " ")).toMatch(/can't be deployed: `people` come from .* a placeholder/);
});

test("a review that is overdue is said", async () => {
  using folder = firstPolicyFolder();
  const file = join(folder.path, "sales.agentpolicy");
  writeFileSync(file, readFileSync(file, "utf8").replace(/review +by \S+/, "review by 2026-01-31"));
  const { stderr } = await agentpolicy(["deploy", "--dry-run"], { cwd: folder.path, env: OFFLINE });
  expect(stderr).toMatch(/warning\[AP4016\][\s\S]*is overdue/);
});

describe("is refused", () => {
  const cases: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    ["with an error", (text) => text.replace("role sales {", "role sales"), /no table is made/],
    ["with a failing test", (text) => text.replace("never delete", "never admin"), /nothing was deployed/],
    ["without operators", (text) => text.replace(/ {2}operators .*\n/, ""), /nobody could flip a kill switch/],
    ["without people", (text) => text.replace(/ {2}people .*\n/, ""), /nobody could approve/],
    [
      "with a development issuer",
      (text) => text.replace("https://acme.cloudflareaccess.com", "http://127.0.0.1:8787"),
      /development issuer|https/,
    ],
  ];
  for (const [name, spoil, message] of cases) {
    test(name, async () => {
      using folder = firstPolicyFolder();
      const file = join(folder.path, "sales.agentpolicy");
      writeFileSync(file, spoil(readFileSync(file, "utf8")));
      const { code, stderr } = await agentpolicy(["deploy", "--dry-run"], { cwd: folder.path, env: OFFLINE });
      expect(code).toBe(1);
      expect(stderr.replaceAll(/\s+/g, " ")).toMatch(message);
      expect(existsSync(join(folder.path, ".agentpolicy/deploy"))).toBe(false);
    });
  }

  for (const [name, args, message] of [
    ["to an environment that isn't there", ["--dry-run", "--env", "prod"], /no environment `prod`[\s\S]*production/],
    ["to development", ["--dry-run", "--env", "development"], /never deployed/],
    ["to an address without TLS", ["--dry-run", "--origin", "http://policy.example"], /is no origin/],
    ["without an address", ["--yes"], /--origin/],
  ] as const) {
    test(name, async () => {
      using folder = firstPolicyFolder();
      const { code, stderr } = await agentpolicy(["deploy", ...args], { cwd: folder.path, env: OFFLINE });
      expect(code).toBe(2);
      expect(stderr.replaceAll(/\s+/g, " ")).toMatch(message);
    });
  }

  test("when nothing answers at the address and it isn't said to be the first time", async () => {
    using folder = firstPolicyFolder();
    const args = ["deploy", "--yes", "--origin", "https://policy.invalid"];
    const { code, stderr } = await agentpolicy(args, { cwd: folder.path, env: OFFLINE });
    expect(code).toBe(3);
    expect(stderr).toMatch(/no edge answers[\s\S]*--first/);
  });
});
