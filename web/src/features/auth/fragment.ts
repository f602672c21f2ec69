import { useEffect, useState } from "react";
import { clearFragment, readFragment } from "../../lib/paths";

/** The secret behind `#`, read once and taken out of the address. */
export function useFragment(): string {
  const [secret] = useState(readFragment);
  useEffect(clearFragment, []);
  return secret;
}
