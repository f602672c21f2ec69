import type { LucideIcon } from "lucide-react";
import { cx } from "../lib/cx";
import { initials } from "../lib/format";

// Quiet tones that carry dark or light ink at 4.5:1 in either theme.
const TONES = [
  "bg-[#d5e8e1] text-[#0d4d3d] dark:bg-[#1c4439] dark:text-[#bfeadb]",
  "bg-[#dbe4f7] text-[#1f3f7a] dark:bg-[#233a63] dark:text-[#c9dbff]",
  "bg-[#f3e2cf] text-[#6b3f0c] dark:bg-[#4d3719] dark:text-[#f5dcb8]",
  "bg-[#eadcf2] text-[#57307a] dark:bg-[#432c58] dark:text-[#e5cff7]",
  "bg-[#f6dcdd] text-[#7c2830] dark:bg-[#55282d] dark:text-[#fbd0d3]",
  "bg-[#dcebd2] text-[#345319] dark:bg-[#304620] dark:text-[#d4ecc1]",
  "bg-[#d3e8ee] text-[#134b5c] dark:bg-[#1b4452] dark:text-[#c0e7f2]",
  "bg-[#e6e3dc] text-[#4b4534] dark:bg-[#433f35] dark:text-[#e8e2d2]",
];

function toneOf(id: string): string {
  let sum = 0;
  for (let index = 0; index < id.length; index += 1) sum = (sum * 31 + id.charCodeAt(index)) >>> 0;
  return TONES[sum % TONES.length] as string;
}

const SIZES = {
  xs: "size-5 text-[0.5625rem]",
  sm: "size-7 text-2xs",
  md: "size-9 text-sm",
  lg: "size-11 text-base",
  xl: "size-20 text-2xl",
} as const;

type Props = {
  id: string;
  name: string;
  url?: string | null;
  /** Instead of the initials, for who has none. */
  icon?: LucideIcon;
  size?: keyof typeof SIZES;
  className?: string;
};

/** Decoration: the name always stands beside it. */
export function Avatar({ id, name, url, icon: Icon, size = "md", className }: Props) {
  const shape = cx("inline-flex shrink-0 select-none items-center justify-center rounded-full", SIZES[size], className);
  if (url) return <img src={url} alt="" draggable={false} className={cx(shape, "bg-hover object-cover")} />;
  return (
    <span aria-hidden className={cx(shape, "font-semibold tracking-tight", toneOf(id))}>
      {Icon ? <Icon className="size-[55%]" strokeWidth={1.8} /> : initials(name)}
    </span>
  );
}
