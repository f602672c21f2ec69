import type { ReactNode } from "react";
import { Logo } from "../../ui/logo";

type Props = { title: string; hint?: ReactNode; children?: ReactNode; footer?: ReactNode };

/** The one card of every screen before signing in. */
export function AuthCard({ title, hint, children, footer }: Props) {
  return (
    <main className="scroll-y flex h-full flex-col items-center bg-canvas px-4 py-8 md:py-[9dvh]">
      <Logo />
      <div className="mt-6 w-full max-w-100 rounded-bubble border border-line bg-surface p-6 md:p-8">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {hint && <div className="mt-1.5 text-sm text-muted">{hint}</div>}
        {children && <div className="mt-6">{children}</div>}
      </div>
      {footer && <div className="mt-5 text-center text-sm text-muted">{footer}</div>}
    </main>
  );
}
