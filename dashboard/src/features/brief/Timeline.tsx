interface Window {
  not_before?: string;
  not_after?: string;
}

const ENDS = [["not_before", "Goes out from"], ["not_after", "And not after"]] as const;

/** From when to when the film may go out: read and written by this browser's clock, kept as instants. */
export function Timeline({ value, change }: { value: unknown; change: (value: Window) => void }) {
  const window = (value || {}) as Window;
  return (
    <div className="brought">
      {ENDS.map(([end, label]) => (
        <label key={end} className="timeline-end">
          {label}
          <input type="datetime-local" className="input" value={byTheClock(window[end])} onChange={(event) => change({ ...window, [end]: event.target.value && new Date(event.target.value).toISOString() })} />
        </label>
      ))}
    </div>
  );
}

/** An instant as such a field has it: to the minute, without a zone. */
function byTheClock(instant: string | undefined): string {
  if (!instant) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
