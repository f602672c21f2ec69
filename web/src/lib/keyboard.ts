// Shortcuts. Letters never fire while somebody types, and can be switched off.

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A dialog or a menu has the keyboard to itself. */
export function isLayerOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], [role="alertdialog"]') !== null;
}

const KEY = "convo.letters";

export function lettersEnabled(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setLettersEnabled(on: boolean) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Then they stay on.
  }
}

export type Shortcut = (event: KeyboardEvent) => void;

/** The key of a shortcut if it may fire now, else null. */
export function shortcutKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (isTyping(event.target) || isLayerOpen()) return null;
  if (event.key.length === 1 && !lettersEnabled()) return null;
  return event.key;
}

/** Moves focus within a list by arrows, Home and End; everything else is left alone. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>, selector: string) {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  const edge = event.key === "Home" || event.key === "End";
  if ((!step && !edge) || isTyping(event.target)) return;
  if ((event.key === "j" || event.key === "k") && !lettersEnabled()) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  if (items.length === 0) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = edge
    ? event.key === "Home"
      ? 0
      : items.length - 1
    : Math.min(Math.max(at + (step ?? 0), 0), items.length - 1);
  items[next]?.focus();
}
