export function Logo() {
  return (
    <div className="flex items-center gap-2.5">
      <img src="/icon.svg" alt="" className="size-9" />
      <span className="text-lg font-semibold tracking-tight">Convo</span>
    </div>
  );
}
