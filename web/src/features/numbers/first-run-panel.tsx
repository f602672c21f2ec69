import { i18n } from "@lingui/core";
import { Check, ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "../../lib/cx";
import { formatPhone } from "../../lib/phone";
import { useNarrow } from "../../lib/use-media";
import { useMe } from "../../realtime/session";
import { IconButton } from "../../ui/button";
import { showToast } from "../../ui/toast";
import { Phone } from "./components/phone";
import { type FirstSteps, firstSteps, stepsDone } from "./first-steps";
import { useHandsetMessages, useHandsets } from "./handset-queries";
import { useNumbers } from "./queries";

/** So long the two marks beside the answer can be seen before the panel goes. */
const LINGER_MS = 5_000;

type Props = { onOver: () => void };

/** A handset beside the inbox, until one text went each way. Nothing while the gift of set-up is not there. */
export function FirstRunPanel({ onOver }: Props) {
  const me = useMe();
  const numbers = useNumbers().data;
  const handsets = useHandsets().data;
  const steps = numbers && handsets && firstSteps(me.id, numbers, handsets);
  return steps ? <Panel steps={steps} onOver={onOver} /> : null;
}

function Panel({ steps: { number, handset }, onOver }: Props & { steps: FirstSteps }) {
  const messages = useHandsetMessages(handset.id);
  const all = messages.data?.pages.flatMap((page) => page.messages) ?? [];
  const { texted, answered } = stepsDone(all, number.number);
  const isDone = texted && answered;
  // Done before, perhaps on another device: then there is nothing to show.
  const [wasDone, setWasDone] = useState<boolean | null>(null);
  if (wasDone === null && messages.data) setWasDone(isDone);
  useEffect(() => {
    if (wasDone) onOver();
    if (!isDone || wasDone) return;
    const timer = setTimeout(() => {
      showToast(i18n.t("It works: your number texts phones, and they answer. Handsets stay under Numbers."));
      onOver();
    }, LINGER_MS);
    return () => clearTimeout(timer);
  }, [isDone, wasDone, onOver]);
  const narrow = useNarrow();
  // On a phone it begins as one line, below a list that may have cards of its own.
  const [unfolded, setUnfolded] = useState(false);
  if (wasDone !== false) return null;
  const shown = formatPhone(number.number, number.area_code);
  return (
    <aside
      aria-label={i18n.t("Your first text")}
      className={cx(
        "flex min-h-0 flex-col border-line bg-canvas max-md:border-t md:h-full md:border-s xl:w-85",
        unfolded ? "max-md:h-[62dvh]" : "max-md:pb-3",
      )}
    >
      <div className="flex items-start gap-2 ps-4 pe-2 pt-3">
        <div className="min-w-0 grow">
          <h2 className="font-semibold">{i18n.t("Try a text")}</h2>
          <p className="text-sm text-muted">
            {i18n.t("This phone is simulated, and so is your number. Nothing costs real money.")}
          </p>
        </div>
        {narrow && (
          <IconButton
            size="sm"
            label={unfolded ? i18n.t("Fold the phone away") : i18n.t("Show the phone")}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? <ChevronDown size={16} aria-hidden /> : <ChevronUp size={16} aria-hidden />}
          </IconButton>
        )}
        <IconButton size="sm" label={i18n.t("Close, and do not show it again")} onClick={onOver}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      {(!narrow || unfolded) && (
        <>
          <ol className="flex flex-col gap-1.5 px-4 py-3 text-sm">
            <Step done={texted}>{i18n.t("Text your number {number} from this phone.", { number: shown })}</Step>
            <Step done={answered}>{i18n.t("Open the conversation in your inbox and answer.")}</Step>
            <Step done={isDone}>{i18n.t("See two marks beside your answer: it was delivered.")}</Step>
          </ol>
          <div className="min-h-0 grow px-3 pb-3">
            <Phone handset={handset} first={number.number} />
          </div>
        </>
      )}
    </aside>
  );
}

function Step({ done, children }: { done: boolean; children: string }) {
  return (
    <li className="flex items-start gap-2">
      <span
        className={cx(
          "mt-0.5 grid size-4.5 shrink-0 place-items-center rounded-full border",
          done ? "border-accent bg-accent text-on-accent" : "border-control",
        )}
      >
        {done && <Check size={12} aria-hidden />}
        <span className="sr-only">{done ? i18n.t("Done:") : i18n.t("To do:")}</span>
      </span>
      <span className={cx("tabular", done && "text-muted")}>{children}</span>
    </li>
  );
}
