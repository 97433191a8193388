/** Payment card numbers: 13 to 19 digits, in groups or not, of a known first digit, with a right check digit (Luhn). */

const RUN = /[0-9](?:[ -]?[0-9])*/g;

export function holdsCardNumber(text: string): boolean {
  for (const run of text.match(RUN) ?? []) {
    if (run.length >= 13 && groupsHoldCard(run.split(/[ -]/))) return true;
  }
  return false;
}

/** A number may stand beside others (`4111 1111 1111 1111 123`): it begins at a group and ends at one. */
function groupsHoldCard(groups: readonly string[]): boolean {
  for (let first = 0; first < groups.length; first++) {
    let digits = "";
    for (let last = first; last < groups.length && digits.length < 19; last++) {
      digits += groups[last];
      if (isCardNumber(digits)) return true;
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let back = 0; back < digits.length; back++) {
    const digit = digits.charCodeAt(digits.length - 1 - back) - 48;
    sum += back % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
