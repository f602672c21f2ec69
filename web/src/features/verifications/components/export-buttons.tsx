import { i18n } from "@lingui/core";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { exportVerifications } from "../../../api/calls";
import { type CodesSearch, codesQuery } from "../../../lib/codes-search";
import { problemText } from "../../../lib/problem-text";
import { Button } from "../../../ui/button";
import { showError } from "../../../ui/toast";

const FORMATS = { csv: "text/csv", json: "application/json" } as const;

/** What the filters show, as a file. */
export function ExportButtons({ search }: { search: CodesSearch }) {
  return (
    <div className="flex gap-2">
      <ExportButton format="csv" search={search} />
      <ExportButton format="json" search={search} />
    </div>
  );
}

function ExportButton({ format, search }: { format: keyof typeof FORMATS; search: CodesSearch }) {
  const save = useMutation({
    mutationFn: () => exportVerifications({ ...codesQuery(search), format }),
    onSuccess: (text) => download(new Blob([text], { type: FORMATS[format] }), `verifications.${format}`),
    onError: (error) => showError(problemText(error)),
  });
  const name = format.toUpperCase();
  return (
    <Button
      busy={save.isPending}
      icon={<Download size={16} aria-hidden />}
      aria-label={i18n.t("Export as {format}", { format: name })}
      onClick={() => save.mutate()}
    >
      {name}
    </Button>
  );
}

function download(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
