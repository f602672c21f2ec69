import { i18n } from "@lingui/core";
import { Fragment, type ReactNode } from "react";
import { cx } from "../../../lib/cx";
import { Dialog } from "../../../ui/dialog";

type Mark = { word: string; written: (word: string) => string; shown: (word: string) => ReactNode };

const codeLook = "rounded-[4px] bg-ink/8 px-1 py-px font-mono text-[0.9em]";
const blockLook = "block rounded-control border border-line bg-canvas px-2 py-0.5 font-mono text-xs";

const marks = (): Mark[] => [
  { word: i18n.t("bold"), written: (word) => `**${word}**`, shown: (word) => <strong>{word}</strong> },
  { word: i18n.t("italic"), written: (word) => `*${word}*`, shown: (word) => <em>{word}</em> },
  { word: i18n.t("code"), written: (word) => `\`${word}\``, shown: (word) => <code className={codeLook}>{word}</code> },
  {
    word: i18n.t("code block"),
    written: (word) => `\`\`\`\n${word}\n\`\`\``,
    shown: (word) => <code className={blockLook}>{word}</code>,
  },
  { word: i18n.t("list"), written: (word) => `- ${word}`, shown: (word) => `• ${word}` },
  {
    word: i18n.t("quote"),
    written: (word) => `> ${word}`,
    shown: (word) => <span className="border-s-2 border-current/30 ps-2">{word}</span>,
  },
];

/** What to write for what to see; where it is wide, two beside each other. */
export function FormattingList({ wide }: { wide?: boolean }) {
  return (
    <dl
      className={cx(
        "grid grid-cols-[max-content_1fr] items-center gap-x-8 gap-y-1.5 text-sm",
        wide && "md:grid-cols-[max-content_1fr_max-content_1fr]",
      )}
    >
      {marks().map(({ word, written, shown }) => (
        <Fragment key={word}>
          <dt className="font-mono text-xs leading-5 whitespace-pre-wrap">{written(word)}</dt>
          <dd>{shown(word)}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export function FormattingDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      title={i18n.t("Formatting")}
      description={i18n.t("Write the signs on the left. Between three backticks, code keeps every sign and space.")}
      onClose={onClose}
    >
      <FormattingList />
    </Dialog>
  );
}
