import { useState } from "react";
import { type Decision, type Item, useDecideMany, useItems } from "@/api/airlock";
import { once } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural } from "@/components/format";
import { Loaded, Trouble } from "@/components/States";
import { Looked } from "./Looked";
import { counted, lacking, type Ticks } from "./many";

interface Props {
  items: Item[];
  clear: () => void;
}

const DOES: [Decision, string][] = [["approved", "Approve"], ["changes_requested", "Ask for changes"], ["rejected", "Reject"]];
const LABELS = Object.fromEntries(DOES) as Record<Decision, string>;

/** What may be done about all that are chosen: the service's answer is per item, and so is what is shown before. */
export function Many({ items, clear }: Props) {
  const [decision, setDecision] = useState<Decision | null>(null);
  return (
    <div className="bulk" role="toolbar" aria-label="For all chosen items">
      <strong>{plural(items.length, "item")}</strong>
      {DOES.map(([one, label]) => (
        <Button key={one} size="small" tone={one === "approved" ? "go" : one === "rejected" ? "stop" : undefined} onClick={() => setDecision(one)}>{label}</Button>
      ))}
      <span style={{ flex: 1 }} />
      <Button size="small" tone="quiet" onClick={clear}>Choose none</Button>
      {decision && <Deciding decision={decision} items={items} close={(some) => (setDecision(null), some && clear())} />}
    </div>
  );
}

/** Each item as it is held now, a word about them, and one confirmation. Then what became of each. */
function Deciding({ decision, items, close }: { decision: Decision; items: Item[]; close: (some: boolean) => void }) {
  // What is looked at stays as it was when the dialog opened, while the queue goes on below it.
  const [ids] = useState(() => items.map((item) => item.id));
  // A repeat of the same words counts once; other words are another attempt.
  const [key, setKey] = useState(once);
  const change = (act: () => void) => (setKey(once()), act());
  const [comment, setComment] = useState("");
  const [ticks, setTicks] = useState<Ticks>({});
  const asked = useItems(ids);
  const decide = useDecideMany();
  const done = decide.data;
  const label = `${LABELS[decision]}: ${plural(ids.length, "item")}`;
  return (
    <Dialog open close={() => close(!!done)} wide title={done ? `${plural(done.decided, "item")} decided${done.refused ? `, ${done.refused} refused` : ""}` : label} says={done ? undefined : "Each is decided on exactly the bytes that are shown here, and each by itself: one that is refused changes nothing for the others."}>
      <Loaded asked={asked} rows={ids.length}>
        {(details) => {
          const lacks = lacking(details, decision, ticks, comment);
          const orders = counted(details, decision, ticks);
          return (
            <>
              <ul className="looked-all">
                {details.map((detail) => (
                  <Looked
                    key={detail.item.id}
                    detail={detail}
                    approving={decision === "approved" && !done}
                    ticked={ticks[detail.item.id] ?? []}
                    tick={(codes) => change(() => setTicks({ ...ticks, [detail.item.id]: codes }))}
                    became={done?.items.find((one) => one.item_id === detail.item.id)}
                  />
                ))}
              </ul>
              {decide.isError && <Trouble error={decide.error} />}
              {done ? (
                <div className="actions"><Button tone="go" onClick={() => close(true)}>Done</Button></div>
              ) : (
                <>
                  <div className="field">
                    <label htmlFor="many-comment">{decision === "approved" ? "A word about them, if you like" : "Why, for each of them"}</label>
                    <textarea id="many-comment" className="input" rows={2} value={comment} onChange={(event) => change(() => setComment(event.target.value))} />
                  </div>
                  <div className="actions">
                    {lacks && <span className="dim sm">{lacks}</span>}
                    <Button onClick={() => close(false)}>Not yet</Button>
                    <Button tone={decision === "rejected" ? "stop" : "go"} busy={decide.isPending} disabled={!!lacks} onClick={() => decide.mutate({ decision, comment: comment.trim(), items: orders, key })}>
                      {LABELS[decision]}: {plural(orders.length, "item")}
                    </Button>
                  </div>
                </>
              )}
            </>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
