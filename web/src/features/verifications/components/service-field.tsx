import { i18n } from "@lingui/core";
import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { cx } from "../../../lib/cx";
import { inputLook } from "../../../ui/field";
import { useServices } from "../queries";
import { isTooLong, tooLongText } from "../words";

const SHOWN = 50;

type Props = { field: RefObject<HTMLInputElement | null>; value: string; onChange: (service: string) => void };

/** A known service by its name, or any other as it is typed (ARIA 1.2: combobox with a list). */
export function ServiceField({ field, value, onChange }: Props) {
  const id = useId();
  const services = useServices().data?.services ?? [];
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const tooLong = isTooLong(value);
  const wanted = value.trim().toLocaleLowerCase();
  const found = services.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)).slice(0, SHOWN);
  const isShown = open && found.length > 0 && !(found.length === 1 && found[0]?.name === value);
  const pick = (name: string) => {
    onChange(name);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = found[active];
    if (step !== 0) {
      event.preventDefault();
      const next = isShown ? (active + step + found.length) % found.length : 0;
      setOpen(true);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && isShown && chosen) {
      event.preventDefault();
      pick(chosen.name);
    } else if (event.key === "Escape" && isShown) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {i18n.t("Service")}
      </label>
      <div className="relative">
        <input
          id={id}
          ref={field}
          role="combobox"
          aria-expanded={isShown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isShown && active >= 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          aria-invalid={tooLong || undefined}
          aria-describedby={`${id}-about`}
          value={value}
          placeholder={i18n.t("WhatsApp, or any other name")}
          onChange={(event) => {
            onChange(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onClick={() => setOpen(true)}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
          className={cx(inputLook, "h-10 touch:h-11")}
        />
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={i18n.t("Services")}
          hidden={!isShown}
          className="scroll-y absolute inset-x-0 top-full z-20 mt-1 max-h-56 rounded-card border border-line bg-raised p-1 shadow-float"
        >
          {found.map(({ id: service, name }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and answers to the keys
            <div
              key={service}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => pick(name)}
              className={cx(
                "flex min-h-9 cursor-pointer items-center rounded-control px-2.5 text-sm touch:min-h-11 hover:bg-hover",
                index === active && "bg-selected",
              )}
            >
              {name}
            </div>
          ))}
        </div>
      </div>
      <p
        id={`${id}-about`}
        role={tooLong ? "alert" : undefined}
        className={cx("text-sm", tooLong ? "text-danger" : "text-muted")}
      >
        {tooLong
          ? tooLongText()
          : i18n.t("While you wait for several codes, this name tells whose text it is. Write it as the service does.")}
      </p>
    </div>
  );
}
