import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = { icon: LucideIcon; text: string; hint?: string; children?: ReactNode };

/** One sentence and one action. */
export function Empty({ icon: Icon, text, hint, children }: Props) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <Icon size={28} strokeWidth={1.5} className="text-muted" aria-hidden />
      <div className="max-w-72">
        <p className="text-base font-medium">{text}</p>
        {hint && <p className="mt-1 text-sm text-muted">{hint}</p>}
      </div>
      {children && <div className="mt-1 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
