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
      </li>
    ))}
  </ol>
);
