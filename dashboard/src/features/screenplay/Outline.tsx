import { plural } from "@/components/format";
import { type Act, partsOf, type Profile, type Screenplay } from "./read";
import "./screenplay.css";

/** A screenplay to read: what it is about, its acts scene by scene, and who is in it. */
export const Outline = ({ screenplay, characters }: { screenplay: Screenplay; characters: Profile[] }) => (
  <article className="outline" lang={screenplay.language}>
    <p className="logline">{screenplay.logline}</p>
    <p className="dim sm">
      {[screenplay.genre, plural(screenplay.minutes, "minute"), screenplay.language].filter(Boolean).join(", ")}
    </p>
    <ol className="acts">
      {screenplay.acts.map((act, number) => (
        <li key={number}>
          <ActShown act={act} number={number + 1} />
        </li>
      ))}
    </ol>
    <section aria-labelledby="outline-characters">
      <h2 id="outline-characters">Characters</h2>
      <ul className="cast">
        {characters.length
          ? characters.map((one) => <li key={one.name}><Character one={one} /></li>)
          : screenplay.characters.map((one) => (
              <li key={one.name}>
                <h3>{one.name} <span className="faint">{one.role}</span></h3>
                <p><Beat text={one.description} /></p>
              </li>
            ))}
      </ul>
    </section>
  </article>
);

const ActShown = ({ act, number }: { act: Act; number: number }) => (
  <section aria-labelledby={`outline-act-${number}`}>
    <h2 id={`outline-act-${number}`}><span className="faint num">Act {number}</span> {act.title}</h2>
    <p className="dim">{act.purpose}</p>
    <ol className="outline-scenes">
      {act.scenes.map((scene, place) => (
        <li key={place}>
          <h3 className="slug">{scene.heading}</h3>
          {scene.beats.map((beat, at) => (
            <p key={at}><Beat text={beat} /></p>
          ))}
          {scene.characters.length > 0 && <p className="faint sm">{scene.characters.join(", ")}</p>}
        </li>
      ))}
    </ol>
  </section>
);

const Character = ({ one }: { one: Profile }) => (
  <>
    <h3>{one.name} <span className="faint">{one.role}</span></h3>
    <dl>
      {([["Backstory", one.backstory], ["Motivation", one.motivation], ["Traits", one.traits.join(", ")], ["Arc", one.arc]] as const).map(([what, text]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd><Beat text={text} /></dd>
        </div>
      ))}
    </dl>
  </>
);

/** What is told, or what its author has yet to decide. */
function Beat({ text }: { text: string }) {
  const { tells, asks } = partsOf(text);
  return <>{tells} {asks && <span className="to-decide"><b>To decide</b> {asks}</span>}</>;
}
