import type { Me } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { placesFor } from "./nav";

/** What keys do, everywhere and where one may go. */
export function Help({ me, open, close }: { me: Me; open: boolean; close: () => void }) {
  const rows: [string, string][] = [
    ["⌘ K", "Go anywhere, find a run"],
    ["j k", "Next and previous in a list"],
    ["Enter", "Open what is chosen"],
    ["x", "Choose a run, for many at once"],
    ["Space", "Play or pause the film"],
    [", .", "One frame back, one frame on"],
    ["i o", "A note begins, and ends, at this frame"],
    ["n", "Write a note at this frame, or on that range"],
    ["1 – 9", "Choose an idea"],
    ["a · c · r", "Approve, ask for changes, reject"],
    ["⌘ Enter", "Send what you write"],
    ["Esc", "Not yet; out of an item, back to the airlock"],
    ["?", "These shortcuts"],
    ...placesFor(me).map((place): [string, string] => [`g ${place.key}`, place.label]),
  ];
  return (
    <Dialog open={open} close={close} title="Shortcuts">
      <dl className="shortcuts">
        {rows.map(([keys, does]) => (
          <div key={keys} style={{ display: "contents" }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className="actions"><Button onClick={close}>Close</Button></div>
    </Dialog>
  );
}
