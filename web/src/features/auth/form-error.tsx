import { CircleAlert } from "lucide-react";

/** What the server refused, said once and at once. */
export function FormError({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-control border border-danger bg-danger/8 px-3 py-2.5 text-sm text-danger"
    >
      <CircleAlert size={16} className="mt-0.5 shrink-0" aria-hidden />
      {text}
    </p>
  );
}
