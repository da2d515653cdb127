import { type HttpServerRequest } from "@effect/platform";
import { Option } from "effect";
import { isIP } from "node:net";

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The network of 2^64 addresses that one customer of a provider is given: all of them are one client. */
const network = (address: string): string => {
  // A URL writes every spelling of an address alike; a zone (`%eth0`) is no part of it.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [front = [], back] = hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const between = Array.from({ length: 8 - front.length - (back?.length ?? 0) }, () => "0");
  const groups = [...front, ...between, ...(back ?? [])];
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") {
    const bytes = groups.slice(6).flatMap((group) => {
      const both = parseInt(group, 16);
      return [both >> 8, both & 255];
    });
    return bytes.join(".");
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
};

/** Whom an address stands for: an IPv4 address or an IPv6 network; nothing for what is no address. */
export const clientAt = (address: string): string | undefined => {
  const plain = MAPPED.exec(address)?.[1] ?? address;
  switch (isIP(plain)) {
    case 4:
      return plain;
    case 6:
      return network(plain);
    default:
      return undefined;
  }
};

/**
 * Who asks, as far as an address says. Behind a proxy (`TRUST_PROXY=1`) it is the last entry of `X-Forwarded-For`, the one
 * that the proxy itself wrote: whatever stands before it is the client's own claim. What is no address means the socket's.
 */
export const clientOf =
  (trustProxy: boolean) =>
  ({ headers, remoteAddress }: HttpServerRequest.HttpServerRequest): string => {
    const claimed = trustProxy ? headers["x-forwarded-for"]?.split(",").at(-1)?.trim() : undefined;
    const forwarded = claimed === undefined ? undefined : clientAt(claimed);
    return (
      forwarded ??
      Option.match(remoteAddress, { onNone: () => "unknown", onSome: (at) => clientAt(at) ?? at })
    );
  };
