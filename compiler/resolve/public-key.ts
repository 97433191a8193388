/** Ed25519 public keys as a policy writes them: 32 bytes in base64url without padding. */

/** What is wrong with the text as a key, or null. */
export function keyProblem(text: string): { readonly message: string; readonly label: string } | null {
  // The last character may not carry bits beyond the 32 bytes, or one key had two names.
  if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text))
    return { message: "this is no Ed25519 public key", label: `${text.length} characters` };
  if (WEAK.has(text)) return { message: "this key verifies signatures that anybody can make", label: "a weak key" };
  return null;
}

/**
 * Points of small order, in every encoding (the list of libsodium's `ge25519_has_small_order`, each with both signs).
 * Under them a signature of zeros verifies, and a placeholder such as `AAAA…` is one of them.
 */
const WEAK: ReadonlySet<string> = new Set([
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
  "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
  "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
  "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU",
  "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
  "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o",
  "7P_______________________________________38",
  "7P________________________________________8",
  "7f_______________________________________38",
  "7f________________________________________8",
  "7v_______________________________________38",
  "7v________________________________________8",
]);
