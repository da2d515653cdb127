import { HttpServerRequest } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { clientAt, clientOf } from "../../../../src/http/middleware/ClientAddress.js";

describe("whom an address stands for", () => {
  it("is an IPv4 address, also where a socket writes it as IPv6", () => {
    for (const spelling of ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:203.0.113.7", "::ffff:cb00:7107"]) {
      assert.strictEqual(clientAt(spelling), "203.0.113.7", spelling);
    }
  });

  it("is an IPv6 network of 64 bits, however the address is written", () => {
    for (const spelling of [
      "2001:db8:1:2::1",
      "2001:db8:1:2:ffff:ffff:ffff:ffff",
      "2001:0DB8:0001:0002:0:0:0:99",
      "2001:db8:1:2::198.51.100.1",
    ]) {
      assert.strictEqual(clientAt(spelling), "2001:db8:1:2::/64", spelling);
    }
    assert.strictEqual(clientAt("::1"), "0:0:0:0::/64");
    assert.strictEqual(clientAt("fe80::1%eth0"), "fe80:0:0:0::/64");
    assert.strictEqual(clientAt("2001:db8::"), "2001:db8:0:0::/64");
  });

  it("is nothing for what is no address", () => {
    for (const text of [
      "",
      "unknown",
      "203.0.113.7:80",
      "[2001:db8::1]",
      "203.0.113.07",
      "1.2.3",
      "a,b",
      "::1::",
    ]) {
      assert.isUndefined(clientAt(text), text);
    }
  });
});

describe("who asks", () => {
  const request = (forwarded: string | undefined) =>
    HttpServerRequest.fromWeb(
      new Request("http://127.0.0.1/", {
        headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      }),
    ).modify({ remoteAddress: "::ffff:192.0.2.1" });

  it("is the socket's address, whatever a client claims about itself", () => {
    assert.strictEqual(clientOf(false)(request("203.0.113.7")), "192.0.2.1");
  });

  it("behind a proxy is the last entry: the one that the proxy wrote", () => {
    assert.strictEqual(clientOf(true)(request("203.0.113.7")), "203.0.113.7");
    assert.strictEqual(clientOf(true)(request("198.51.100.1, 203.0.113.8")), "203.0.113.8");
    assert.strictEqual(clientOf(true)(request("198.51.100.1,2001:db8:1:2::3")), "2001:db8:1:2::/64");
  });

  it("behind a proxy that writes none, or something else, is the proxy", () => {
    for (const text of [undefined, "", "unknown", "198.51.100.1, ", "198.51.100.1, unknown", '"><script>']) {
      assert.strictEqual(clientOf(true)(request(text)), "192.0.2.1", text);
    }
  });
});
