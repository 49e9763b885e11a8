import "./examples.css";

/** Sentences to begin with: pressing one hands it over. */
export const Examples = ({ all, take }: { all: readonly string[]; take: (one: string) => void }) => (
  <ul className="examples" aria-label="Examples">
    {all.map((one) => (
      <li key={one}>
        <button type="button" onClick={() => take(one)}>{one}</button>
      </li>
    ))}
  </ul>
);
