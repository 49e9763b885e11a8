import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useModels, useOnceKey, useRuns } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Examples } from "@/components/Examples";
import { Lamp } from "@/components/Lamp";
import { Page, Section } from "@/components/Page";
import { Empty, Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { useSendKey } from "@/shell/useKeys";
import { runLook } from "@/status/run";
import { briefOf } from "../runs/RunLine";
import "../runs/runs.css";
import { type Asked, CONCEPT_LIMIT, EMPTY, wrongWith } from "./form";
import { useScreenplay } from "./useScreenplay";
import "./screenplay.css";

const EXAMPLES = [
  "A lonely lighthouse keeper discovers that her light draws ships from the past, but every rescue costs her a memory.",
  "Two brothers inherit their grandfather's failing bakery and must win a bread contest before the bank closes it.",
  "The last beekeeper on Mars has to choose between the bees and the colony.",
];
const EARLIER = 8;

/** Say what the film is about, and have it outlined. */
export function WriteScreenplay() {
  const me = useMe().data;
  const may = !me || holds(me, "creator", "operator");
  return (
    <Page title="Screenplay" lead="A concept becomes a film in three acts and the people in it. Somebody reads it before it counts; nothing is filmed.">
      {may ? <Form /> : <Empty title="Screenplays are begun by creators">You have no role that starts runs. An administrator can give you one in Settings.</Empty>}
      <Earlier />
    </Page>
  );
}

function Form() {
  const go = useNavigate();
  const [asked, setAsked] = useState<Asked>(EMPTY);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const models = useModels().data;
  const keyOf = useOnceKey();
  useSendKey(form);
  const { write, cancel, loading, error } = useScreenplay(null);
  const wrong = wrongWith(asked);
  const set = (name: keyof Asked) => (event: { target: { value: string } }) => setAsked({ ...asked, [name]: event.target.value });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const first = Object.keys(wrong)[0];
    if (first) return form.current?.querySelector<HTMLElement>(`#screenplay-${first}`)?.focus();
    if (loading) return;
    const run = await write(asked, keyOf(asked));
    if (run) void go({ to: "/screenplay/$runId", params: { runId: run } });
  };
  const field = (name: keyof Asked) => ({
    id: `screenplay-${name}`,
    value: asked[name],
    onChange: set(name),
    "aria-invalid": tried && name in wrong,
    "aria-describedby": `screenplay-${name}-hint`,
  });
  const Field = (name: keyof Asked, label: string, hint: string, children: ReactNode) => (
    <div className="field">
      <label htmlFor={`screenplay-${name}`}>{label}</label>
      {children}
      <span id={`screenplay-${name}-hint`} className={tried && wrong[name] ? "wrong" : "hint"}>{(tried && wrong[name]) || hint}</span>
    </div>
  );
  return (
    <form ref={form} className="ask" noValidate onSubmit={(event) => void submit(event)}>
      {Field("concept", "Concept", "Who wants what, and what stands in the way. ⌘ Enter starts it.", <textarea className="input concept" rows={5} maxLength={CONCEPT_LIMIT * 2} {...field("concept")} />)}
      {!asked.concept && (
        <Examples all={EXAMPLES} take={(one) => (setAsked({ ...asked, concept: one }), form.current?.querySelector("textarea")?.focus())} />
      )}
      <div className="ask-fields">
        {Field("minutes", "Minutes", "How long the film is meant to be.", <input className="input" inputMode="numeric" {...field("minutes")} />)}
        {Field("genre", "Genre", "A word or two; empty for the one that fits.", <input className="input" {...field("genre")} />)}
        {Field("language", "Language", "Such as de or pt-BR; empty for the concept's.", <input className="input" autoCapitalize="none" {...field("language")} />)}
        {Field("model", "Written by", models ? `Otherwise ${models.default}.` : "Whoever the studio asks.", (
          <select className="input" {...field("model")}>
            <option value="">The studio's choice</option>
            {models?.models.map((one) => <option key={one}>{one}</option>)}
          </select>
        ))}
      </div>
      {error && <Trouble error={error} />}
      <div className="ask-row">
        <Button tone="go" type="submit" busy={loading}>{loading ? "Starting …" : "Write the screenplay"}</Button>
        {loading && cancel && <Button tone="quiet" onClick={cancel}>Cancel</Button>}
      </div>
    </form>
  );
}

function Earlier() {
  const runs = useRuns({ workflow: "screenplay" }, EARLIER);
  return (
    <Section title="Earlier ones">
      <Loaded asked={runs} rows={3}>
        {(all) => {
          const items = all.pages[0]?.items ?? [];
          if (!items.length) return <p className="dim">None yet. What is written appears here, approved or not.</p>;
          return (
            <ul className="list-rows">
              {items.map((run) => (
                <li key={run.run_id}>
                  <div style={{ minWidth: 0 }}>
                    <Link to="/screenplay/$runId" params={{ runId: run.run_id }} className="run-brief clip" title={briefOf(run)}>{briefOf(run)}</Link>
                    <div className="under"><span>by {run.created_by}</span><Time at={run.updated_at} /></div>
                  </div>
                  <Lamp look={runLook(run)} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}
