import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = { icon: LucideIcon; text: string; hint?: string; page?: boolean; children?: ReactNode };

/** One sentence and one action. As a whole page, the sentence is its heading. */
export function Empty({ icon: Icon, text, hint, page, children }: Props) {
  const Sentence = page ? "h1" : "p";
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <Icon size={28} strokeWidth={1.5} className="text-muted" aria-hidden />
      <div className="max-w-72">
        <Sentence className="text-base font-medium">{text}</Sentence>
        {hint && <p className="mt-1 text-sm text-muted">{hint}</p>}
      </div>
      {children && <div className="mt-1 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
