/** IPv4 networks in CIDR notation, compared bit by bit. */
function bits(address: string): string {
  const parts = address.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  return parts.join("");
}

/** The property only makes IPv4 addresses and networks. */
export function inNetwork(address: string, network: string): boolean {
  const [base = "", length = "32"] = network.split("/");
  return bits(address).startsWith(bits(base).slice(0, Number(length)));
}
