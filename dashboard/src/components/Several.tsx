/** Any of a few, all of them in sight. */
export function Several<T>({ label, value, options, shown, onChange }: { label: string; value: T[]; options: readonly T[]; shown: (one: T) => string; onChange: (value: T[]) => void }) {
  const same = (one: T, other: T): boolean => JSON.stringify(one) === JSON.stringify(other);
  return (
    <div className="several" role="group" aria-label={label}>
      {options.map((one) => {
        const chosen = value.some((other) => same(one, other));
        return (
          <label key={JSON.stringify(one)}>
            <input type="checkbox" checked={chosen} onChange={() => onChange(chosen ? value.filter((other) => !same(one, other)) : [...value, one])} />
            {shown(one)}
          </label>
        );
      })}
    </div>
  );
}
