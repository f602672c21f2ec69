import { i18n } from "@lingui/core";

/** Rows of the size of what will stand there. */
export function SkeletonRows({ count = 8, avatar = true }: { count?: number; avatar?: boolean }) {
  return (
    <div role="status" aria-label={i18n.t("Loading")} className="flex flex-col">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these rows have no identity
        <div key={index} className="flex h-16 items-center gap-3 px-4">
          {avatar && <div className="skeleton size-11 shrink-0 rounded-full" />}
          <div className="flex grow flex-col gap-2">
            <div className="skeleton h-3.5 w-2/5" />
            <div className="skeleton h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
