import { i18n } from "@lingui/core";
import {
  EmojiPicker,
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps,
} from "frimousse";

// The library counts rows and columns from 0 where the rules for tables say 1.
const fromOne = (index: unknown) => (index === undefined ? undefined : Number(index) + 1);

function CategoryHeader({ category, ...rest }: EmojiPickerListCategoryHeaderProps) {
  return (
    <div {...rest} className="bg-raised px-2 pt-2 pb-1 text-xs font-semibold text-muted">
      {category.label}
    </div>
  );
}

function Row(props: EmojiPickerListRowProps) {
  // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the library gives it the role
  return <div {...props} aria-rowindex={fromOne(props["aria-rowindex"])} className="flex px-1" />;
}

function Emoji({ emoji, ...rest }: EmojiPickerListEmojiProps) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the library gives it the role
    <button
      {...rest}
      type="button"
      aria-colindex={fromOne(rest["aria-colindex"])}
      className="flex size-9 items-center justify-center rounded-control text-xl data-active:bg-hover"
    >
      {emoji.emoji}
    </button>
  );
}

export default function Picker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root
      locale={i18n.locale === "de" ? "de" : "en"}
      emojibaseUrl={`${location.origin}/emoji`}
      columns={9}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      className="flex h-84 w-84 flex-col"
    >
      <EmojiPicker.Search
        autoFocus
        aria-label={i18n.t("Search emoji")}
        placeholder={i18n.t("Search emoji")}
        className="m-1 h-9 shrink-0 rounded-control border border-control bg-surface px-3 text-base"
      />
      <EmojiPicker.Viewport className="scroll-y relative grow outline-none">
        <EmojiPicker.Loading className="absolute inset-0 flex items-center justify-center text-sm text-muted">
          {i18n.t("Loading")}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 flex items-center justify-center text-sm text-muted">
          {i18n.t("No emoji of that name.")}
        </EmojiPicker.Empty>
        <EmojiPicker.List components={{ CategoryHeader, Row, Emoji }} className="pb-1 select-none" />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
