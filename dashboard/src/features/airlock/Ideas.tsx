import type { Idea } from "./content";

/** The ideas side by side; the chosen one goes on. */
export const Ideas = ({ ideas, chosen, choose }: { ideas: Idea[]; chosen: number; choose?: (index: number) => void }) => (
  <ol className="ideas" aria-label="Ideas">
    {ideas.map((idea, index) => (
      <li key={idea.id} className={index === chosen ? "chosen" : ""}>
        <button type="button" aria-pressed={index === chosen} disabled={!choose} onClick={() => choose?.(index)}>
          <span className="idea-head"><kbd>{index + 1}</kbd> <span className="faint sm">{idea.angle}</span></span>
          <strong className="hook">{idea.hook}</strong>
          <span className="idea-title">{idea.title}</span>
          <span className="points">{idea.points.map((point) => <span key={point}>{point}</span>)}</span>
          <span className="faint sm">{idea.why}</span>
        </button>
        <Judged idea={idea} />
      </li>
    ))}
  </ol>
);

/** What the rubric says of an idea, and which films it is like: a help to choose, never a forecast. */
const Judged = ({ idea }: { idea: Idea }) => (
  <div className="judged sm dim">
    {idea.resembles?.map((film) => (
      <p key={film.entry_id}>
        Like “{film.title}”, which you have: {Math.round(film.likeness * 100)} % of their words are the same.
      </p>
    ))}
    {idea.score && (
      <details>
        <summary className="num">
          {idea.score.points} of 100 by the rubric for words
        </summary>
        <ul>
          {idea.score.parts.map((part) => (
            <li key={part.name}>
              <span className="num">{part.points} of {part.of}</span> {part.name}: {part.why}
            </li>
          ))}
        </ul>
      </details>
    )}
  </div>
);
