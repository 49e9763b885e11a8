import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { useQueue } from "@/api/airlock";
import { useRuns } from "@/api/runs";
import { type Me, useSignOut } from "@/api/session";
import { text } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { runLook } from "@/status/run";
import { placesFor } from "./nav";
import { isDark, setTheme } from "./theme";

/** ⌘K: everywhere one can go, the newest runs, and what waits in the airlock. */
export function Palette({ me, open, close }: { me: Me; open: boolean; close: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(now) => !now && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Go anywhere</Dialog.Title>
          {open && <List me={me} close={close} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function List({ me, close }: { me: Me; close: () => void }) {
  const go = useNavigate();
  const signOut = useSignOut();
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const runs = useRuns(asked.length > 1 ? { q: asked } : {}, 6);
  const queue = useQueue("open", "risk");
  const to = (path: string) => () => {
    close();
    void go({ to: path });
  };
  return (
    <Command label="Go anywhere" loop>
      <Command.Input placeholder="Go to a page, a run, an item …" value={typed} onValueChange={setTyped} />
      <Command.List>
        <Command.Empty>Nothing is called that.</Command.Empty>
        <Command.Group heading="Pages">
          {placesFor(me).map((place) => (
            <Command.Item key={place.to} value={place.label} onSelect={to(place.to)}>
              {place.label}
              <span className="faint">
                <kbd>g</kbd> <kbd>{place.key}</kbd>
              </span>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Waiting in the airlock">
          {queue.data?.pages[0]?.items.slice(0, 4).map((item) => (
            <Command.Item key={item.id} value={`review ${item.title} ${item.id}`} onSelect={to(`/airlock/${item.id}`)}>
              <span className="clip">{item.title}</span>
              <span className="faint">risk {item.risk}</span>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Runs">
          {runs.data?.pages[0]?.items.map((run) => (
            <Command.Item key={run.run_id} value={`run ${text(run.input.brief)} ${run.run_id}`} onSelect={to(`/runs/${run.run_id}`)}>
              <span className="clip">{text(run.input.brief, run.workflow)}</span>
              <Lamp look={runLook(run)} />
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Here">
          <Command.Item value="switch theme dark light" onSelect={() => setTheme(isDark() ? "light" : "dark")}>
            Switch between dark and light
          </Command.Item>
          <Command.Item value="sign out" onSelect={() => signOut.mutate()}>
            Sign out
          </Command.Item>
        </Command.Group>
      </Command.List>
    </Command>
  );
}
