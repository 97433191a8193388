import { describe, expect, test } from "vitest";
import { mentions } from "../../engine/decide/mentions.ts";
import { holdsCardNumber } from "../../engine/detectors/card-numbers.ts";
import { holdsSecret } from "../../engine/detectors/secrets.ts";
import { canonicalHost, hostProblem, isPlainHost } from "../../engine/values/host.ts";
import { inNetwork, ipProblem, parseAddress, parseNetwork } from "../../engine/values/ip.ts";
import { linksOf } from "../../engine/values/links.ts";
import { parseTimestamp } from "../../engine/values/timestamp.ts";
import { hrefOf, pathOf, portOf, schemeOf, urlHostOf } from "../../engine/values/url.ts";

describe("hosts are canonical or refused", () => {
  test.each([
    "example.com",
    "a-b.example",
    "xn--bcher-kva.example",
    "localhost",
    "127.0.0.1",
    "1.example",
    "x.example",
  ])("%s is taken", (host) => expect(hostProblem(host)).toBeNull());

  test.each([
    ["EXAMPLE.com", "send `example.com`"],
    ["bücher.example", "send `xn--bcher-kva.example`"],
    ["ｅxample.com", "send `example.com`"],
    ["example.com.", "send `example.com`"],
    ["127.1", "send `127.0.0.1`"],
    ["0x7f.1", "send `127.0.0.1`"],
    ["2130706433", "send `127.0.0.1`"],
    ["0177.0.0.1", "send `127.0.0.1`"],
    ["exam%70le.com", "send `example.com`"],
    ["a..b", "must be a host name"],
    ["", "must be a host name"],
    ["a b", "must be a host name"],
    ["example.com:443", "must be a host name"],
    ["example.com/x", "must be a host name"],
    ["user@example.com", "must be a host name"],
    ["[::ffff:127.0.0.1]", "send `[::ffff:7f00:1]`"],
    ["[::ffff:7f00:1]", "send the IPv4 address"],
  ])("%j is refused", (host, detail) => expect(hostProblem(host)).toContain(detail));

  test("what passes without a parser is what the parser prints", () => {
    const labels = ["a", "1", "-", "a1", "0x1", "x", "xn--a", "ab-", "example", "9"];
    for (const first of labels) {
      for (const second of labels) {
        const host = `${first}.${second}`;
        if (isPlainHost(host)) expect(canonicalHost(host), host).toBe(host);
      }
    }
  });
});

describe("members of a canonical URL are read by position", () => {
  test.each([
    "https://example.com",
    "https://example.com/",
    "https://example.com:8443/a/b?x=1#y",
    "https://example.com/?q=http://evil.io/",
    "https://example.com/#@evil.io",
    "https://[2001:db8::1]/x",
    "https://[2001:db8::1]:8443/x",
    "http://example.com/a:b@c",
  ])("%s", (text) => {
    const url = new URL(text);
    expect(hrefOf(text)).toBe(url.href);
    expect(schemeOf(text)).toBe(url.protocol.slice(0, -1));
    expect(urlHostOf(text)).toBe(url.hostname);
    expect(portOf(text)).toBe(Number(url.port || (url.protocol === "https:" ? 443 : 80)));
    expect(pathOf(text)).toBe(url.pathname);
  });
});

describe("addresses", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.0.2.7/32", "192.0.2.7", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["2001:db8::/33", "2001:db8:7fff::1", true],
    ["2001:db8::/33", "2001:db8:8000::1", false],
    ["10.0.0.0/8", "::ffff:10.0.0.1", true],
    ["10.0.0.0/8", "::ffff:a00:1", true],
    ["::/0", "10.0.0.1", false],
  ])("is %s the home of %s", (network, address, inside) => {
    const home = parseNetwork(network);
    const bytes = parseAddress(address);
    expect(home !== null && bytes !== null && inNetwork(bytes, home)).toBe(inside);
  });

  test.each(["10.0.0.1/8", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/08", "x/8", "::/129", "1::2::3/8"])(
    "%s is no network",
    (text) => expect(parseNetwork(text)).toBeNull(),
  );

  test.each(["127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "256.1.1.1", "1.2.3", "1.2.3.4.5", "::1%eth0", ""])(
    "%j is no address",
    (text) => expect(ipProblem(text)).toContain("must be an IP address"),
  );

  test.each([
    ["::FFFF:127.0.0.1", "127.0.0.1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["2001:db8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:0db8::1", "2001:db8::1"],
  ])("%s is to be sent as %s", (text, canonical) => {
    expect(ipProblem(text)).toContain(`send \`${canonical}\``);
    expect(ipProblem(canonical)).toBeNull();
  });
});

describe("times", () => {
  test.each([
    ["2027-01-31T09:00:00Z", "2027-01-31T09:00:00.000Z"],
    ["2027-01-31T09:00:00.5+05:30", "2027-01-31T03:30:00.500Z"],
    ["2028-02-29T23:59:59-01:00", "2028-03-01T00:59:59.000Z"],
  ])("%s", (text, utc) => expect(parseTimestamp(text)).toBe(Date.parse(utc)));

  test.each([
    "2027-02-29T00:00:00Z",
    "2027-13-01T00:00:00Z",
    "2027-01-01T24:00:00Z",
    "2027-01-01T00:00:60Z",
    "2027-01-01",
    "2027-01-01T00:00:00",
    "2027-01-01t00:00:00z",
    "2027-01-01T00:00:00.0000001Z",
    "2027-01-01T00:00:00+24:00",
  ])("%s is none", (text) => expect(parseTimestamp(text)).toBeNull());
});

describe("links in a text", () => {
  test.each([
    ["see https://a.example/x.", ["https://a.example/x."]],
    ["a.example and b.example/x?y=1", ["https://a.example/", "https://b.example/x?y=1"]],
    ["[text](https://a.example)", ["https://a.example/"]],
    ['<a href="//a.example/x">', ["https://a.example/x"]],
    ["HTTP:A.EXAMPLE", ["http://a.example/"]],
    ["https://trusted.example@evil.example/x", ["https://evil.example/x"]],
    ["10.0.0.1:8080/admin", ["https://10.0.0.1:8080/admin"]],
    ["write bo@a.example", []],
    ["e.g. this, 3.5 or so... ok?No", []],
    ["", []],
    ["see evil.example./x", ["https://evil.example./x"]],
    ["see www.evil.example.\\nThen", ["https://www.evil.example./nThen"]],
    ["see evil\u3002example now", ["https://evil.example/"]],
    ["see evil.exam\u00adple/x", ["https://evil.example/x"]],
    ["see evil.ex\u2060ample", ["https://evil.example/"]],
  ])("%j", (text, links) => expect(linksOf(text)).toEqual(links));
});

describe("a task mentions whole tokens", () => {
  test.each([
    ["mail bo@acme.example.", "bo@acme.example", true],
    ["mail <bo@acme.example>, now", "bo@acme.example", true],
    ["mail bobo@acme.example", "bo@acme.example", false],
    ["mail bo@acme.example.evil.io", "bo@acme.example", false],
    ["mail bo@acme.example", "acme.example", false],
    ["see evil-acme.example", "acme.example", false],
    ["see sub.acme.example", "acme.example", false],
    ["see https://acme.example", "https://acme.example/", true],
    ["see https://acme.example/x", "https://acme.example/", false],
    ["see www.acme.example", "https://www.acme.example/", true],
    ["see www.acme.example.", "http://www.acme.example", true],
    ["see www.acme.example/a", "https://www.acme.example/a", true],
    ["see www.acme.example/a", "https://www.acme.example/", false],
    ["see www.acme.example", "https://www.acme.example/a", false],
    ["see www.acme.example", "ftp://www.acme.example", false],
    ["see evil.io/www.acme.example", "https://www.acme.example/", false],
    ["see http://www.acme.example", "https://www.acme.example/", false],
    ["mail bo@acme.example", "https://acme.example/", false],
    ["mail bo@acme.example", "https://bo@acme.example", false],
    ["ask the intranet", "https://intranet/", false],
    ["open (Q3 report)!", "Q3 report", true],
    ["open Q3 reports", "Q3 report", false],
    ["mail o'brien@acme.example", "brien@acme.example", false],
    ["mail o’brien@acme.example", "brien@acme.example", false],
    ["mail 'brien@acme.example'", "brien@acme.example", true],
    ["'brien@acme.example's mail", "brien@acme.example", true],
    ["see https://acme.example/x(y)", "https://acme.example/x", false],
    ["see https://acme.example/x (y)", "https://acme.example/x", true],
    ["bo\u200b@acme.example", "bo@acme.example", false],
    ["", "bo@acme.example", false],
  ])("%j, %j", (task, token, there) => expect(mentions(task, token)).toBe(there));
});

describe("what looks like a credential", () => {
  test.each([
    "AKIAIOSFODNN7EXAMPLE",
    "the key is AKIAIOSFODNN7EXAMPLE.",
    "-AKIAIOSFODNN7EXAMPLE-",
    `token ghp_${"a1B2".repeat(9)}`,
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    `Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${"c2lnbmF0dXJl".repeat(2)}`,
    `xoxb-${"1234567890".repeat(2)}-abc`,
    `sk_live_${"aB3dE5".repeat(4)}`,
    "password = 8fJ2kL9qPz4TxWv7",
    "https://host.example/AKIAIOSFODNN7EXAMPLE/x",
  ])("%j", (text) => expect(holdsSecret(text, "")).toBe(true));

  test.each([
    "hello",
    "the secret of a good tea",
    "password reset at https://a.example/reset",
    "a".repeat(50_000),
    "eyJ".repeat(9000),
  ])("not so: %j", (text) => expect(holdsSecret(text, "")).toBe(false));

  test("a random value under a telling name", () => {
    expect(holdsSecret("8fJ2kL9qPz4TxWv7", "api_key")).toBe(true);
    expect(holdsSecret("8fJ2kL9qPz4TxWv7", "order")).toBe(false);
  });
});

describe("what looks like a payment card", () => {
  test.each([
    "4111111111111111",
    "4111 1111 1111 1111",
    "card 5500-0000-0000-0004, cvv 123",
    "378282246310005",
    "order 12 4111 1111 1111 1111 99",
  ])("%j", (text) => expect(holdsCardNumber(text)).toBe(true));

  test.each(["4111111111111112", "1234567890123", "41111111111111110000", "2026-11-23 10:00", "1".repeat(50_000)])(
    "not so: %j",
    (text) => expect(holdsCardNumber(text)).toBe(false),
  );
});
