/** One of a few, all of them in sight. */
export function Choices<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) {
  return (
    <div className="choices" role="group" aria-label={label}>
      {options.map(([name, shown]) => (
        <button key={name} type="button" aria-pressed={name === value} onClick={() => onChange(name)}>
          {shown}
        </button>
      ))}
    </div>
  );
}
