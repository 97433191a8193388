/** Servers that break off, stall, or send their answer in crumbs. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { fetchTools } from "../../cli/import/fetch-tools.ts";
import { readAnswer } from "../../cli/import/read-answer.ts";
import { agentpolicy, folderWith } from "../cli/run-command.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serverThat(answers: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answers(response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const begin = (type: string, close: boolean) => (response: ServerResponse) => {
  response.writeHead(200, { "content-type": type });
  response.write(type === "application/json" ? '{"jsonrpc":"2.0",' : 'data: {"jsonrpc":"2.0",');
  if (close) setImmediate(() => response.destroy());
};

describe("a server that doesn't finish what it says is the environment's fault", () => {
  test.each([
    ["breaks off plain JSON", begin("application/json", true), "answer to `initialize` breaks off: "],
    ["breaks off a stream", begin("text/event-stream", true), "answer to `initialize` breaks off: "],
    ["stalls in plain JSON", begin("application/json", false), "answer to `initialize` doesn't end in time"],
    ["stalls in a stream", begin("text/event-stream", false), "answer to `initialize` doesn't end in time"],
    ["never begins", () => undefined, "doesn't answer in time"],
  ] as const)("one that %s", async (_, answers, message) => {
    const url = await serverThat(answers);
    await expect(fetchTools(new URL(url), {}, 200)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(message),
      help: expect.stringContaining("try again"),
    });
  });

  test("and the command says so without a word of bugs", async () => {
    const url = await serverThat(begin("application/json", true));
    using folder = folderWith({});
    const { code, stderr } = await agentpolicy(["import", "mcp", url], { cwd: folder.path });
    expect([code, stderr]).toEqual([3, expect.stringContaining("breaks off")]);
    expect(stderr).not.toContain("bug");
  });
});

describe("events are found wherever the parts are cut", () => {
  const notice = '{"jsonrpc":"2.0","method":"notifications/message"}';
  const answer = '{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}';

  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("with %s", async (_, end) => {
    const text = [`data: ${notice}`, "", `event: message`, `data: ${answer}`, "", ""].join(end);
    for (let at = 0; at <= text.length; at++) {
      // Each cut is a case of its own.
      // oxlint-disable-next-line no-await-in-loop
      expect(await readAnswer(inParts([text.slice(0, at), text.slice(at)]), 7, "x")).toEqual({ tools: [] });
    }
    expect(await readAnswer(inParts(text.split("")), 7, "x")).toEqual({ tools: [] });
  });

  test("and a large one in small parts costs no more than its length", async () => {
    const large = JSON.stringify({ jsonrpc: "2.0", id: 7, result: { text: "x".repeat(8_000_000) } });
    const parts = `data: ${large}\n\n`.match(/[^]{1,500}/g) ?? [];
    const { text } = await readAnswer(inParts(parts), 7, "x");
    expect(text).toHaveLength(8_000_000);
  });
});

function inParts(parts: readonly string[]): Response {
  const bytes = parts.map((part) => new TextEncoder().encode(part));
  return new Response(ReadableStream.from(bytes), { headers: { "content-type": "text/event-stream" } });
}
