import { Choices } from "@/components/Choices";
import { text, title } from "@/components/format";
import { Several } from "@/components/Several";
import { Footage, Music, Speaker } from "./Brought";
import { type Input, told } from "./inputs";
import { Timeline } from "./Timeline";

interface Props {
  name: string;
  input: Input;
  value: unknown;
  wrong: string | undefined;
  change: (value: unknown) => void;
}

const SAYS: Record<string, string> = {
  target_seconds: "Seconds. The film comes out near this; sentences are not cut short.",
  audience: "Ideas are thought up and scored for them.",
  tone: "Such as calm, or dry and fast.",
  brand: "A brand kit, by its policy pack's name; empty for the one in force.",
  speaker: "Named once, in the first scene.",
  formats: "The first is what is published. None: upright.",
  music: "Instead of our own.",
  footage: "Shown instead of filming that scene.",
  visibility: "Who sees the post.",
  language: "Such as de or pt-BR; empty for that of the brief.",
  genre: "A word or two; empty for the one that fits.",
  minutes: "How long the film is meant to be.",
  model: "Who writes, by name; empty for the studio's choice.",
  window: "By your clock. A film that is approved earlier waits; after the end it stays unpublished.",
  account: "Whose account; empty for the platform's default.",
};

const CALLED: Record<string, string> = { window: "Timeline" };

/** One input of a workflow: as chips where it says what may be chosen, else as what suits it. */
export function Field({ name, input, value, wrong, change }: Props) {
  const [id, label] = [`in-${name}`, CALLED[name] ?? title(name)];
  const says = <span id={`${id}-says`} className={wrong ? "wrong" : "hint"}>{wrong ?? SAYS[name] ?? ""}</span>;
  const grouped = group({ name, input, value, wrong, change }, label);
  if (grouped) return <div className="field"><span className="label">{label}</span>{grouped}{says}</div>;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {name === "music" ? (
        <Music id={id} value={text(value)} change={change} />
      ) : (
        <input
          id={id}
          className="input"
          inputMode={input.type === "int" ? "numeric" : undefined}
          aria-invalid={!!wrong}
          aria-describedby={`${id}-says`}
          value={Array.isArray(value) ? (value as string[]).join(", ") : text(value)}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {says}
    </div>
  );
}

/** What has several controls, and so no one label. */
function group({ name, input, value, change }: Props, label: string) {
  const { choices = [], type } = input;
  if (choices.length && type.startsWith("list")) {
    return <Several label={label} value={Array.isArray(value) ? value : []} options={choices} shown={told} onChange={change} />;
  }
  if (choices.length) {
    return <Choices label={label} value={text(value)} options={choices.map((one) => [String(one), told(one)] as const)} onChange={change} />;
  }
  if (type === "bool") return <Several label={label} value={value ? [true] : []} options={[true]} shown={() => "Yes"} onChange={(all) => change(all.length > 0)} />;
  if (name === "footage") return <Footage value={value} change={change} />;
  if (name === "window") return <Timeline value={value} change={change} />;
  if (name === "speaker") return <Speaker value={value} change={change} />;
  return null;
}
