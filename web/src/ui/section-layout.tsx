import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useNarrow } from "../lib/use-media";

type Props = {
  title: string;
  nav: ReactNode;
  /** Below the pages, or beside the title where it is narrow. */
  aside?: ReactNode;
  children: ReactNode;
};

/** A place with a list of pages beside it, or above it where it is narrow. */
export function SectionLayout({ title, nav, aside, children }: Props) {
  const { pathname } = useLocation();
  const list = useRef<HTMLUListElement>(null);
  const narrow = useNarrow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it is narrow the pages stand side by side
  useEffect(() => {
    // Where the pages do not fit side by side, the one that is open is never cut off.
    if (pathname)
      list.current?.querySelector("[aria-current=page]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [pathname, narrow]);
  return (
    <div className="flex h-full flex-col bg-canvas md:flex-row">
      <nav
        aria-label={title}
        className="grid shrink-0 grid-cols-[1fr_auto] border-line bg-surface max-md:border-b md:flex md:w-56 md:flex-col md:border-e md:px-2 md:pb-4"
      >
        <h1 className="flex h-14 items-center px-4 text-lg font-semibold tracking-tight md:px-3">{title}</h1>
        <ul ref={list} className="col-span-2 flex scroll-px-2 gap-1 overflow-x-auto px-2 pb-2 md:flex-col md:px-0">
          {nav}
        </ul>
        {aside && (
          <div className="max-md:col-start-2 max-md:row-start-1 max-md:self-center max-md:pe-3 md:mt-auto">{aside}</div>
        )}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a page of mere text must be scrolled by keyboard, too */}
      <div tabIndex={0} className="scroll-y min-h-0 min-w-0 grow -outline-offset-2">
        {children}
      </div>
    </div>
  );
}

export const sectionLink =
  "flex min-h-9 items-center gap-2.5 rounded-control px-3 text-sm font-medium whitespace-nowrap text-muted max-md:px-2.5 max-md:[&_svg]:hidden hover:bg-hover hover:text-ink touch:min-h-11 aria-[current=page]:bg-selected aria-[current=page]:text-accent";

type PageProps = { title: string; hint?: ReactNode; action?: ReactNode; wide?: boolean; children: ReactNode };

export function SectionPage({ title, hint, action, wide, children }: PageProps) {
  return (
    <main className={`mx-auto w-full px-4 py-6 md:px-8 md:py-8 ${wide ? "max-w-260" : "max-w-150"}`}>
      <div className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 grow basis-60">
          <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
          {hint && <p className="mt-1 max-w-prose text-sm text-muted">{hint}</p>}
        </div>
        {action}
      </div>
      {children}
    </main>
  );
}

export function Card({ children, flush }: { children: ReactNode; flush?: boolean }) {
  return (
    <div className={`overflow-hidden rounded-card border border-line bg-surface ${flush ? "" : "p-5"}`}>{children}</div>
  );
}
