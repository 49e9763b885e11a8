import { type FormEvent, useState } from "react";
import { useSetPassword } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Trouble } from "@/components/States";

const AT_LEAST = 12;

export function Password() {
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const set = useSetPassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ new: next, ...(current ? { current } : {}) }, { onSuccess: () => location.assign("/sign-in") });
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Set a password …</Button>
      <Dialog open={open} close={() => setOpen(false)} title="Set a password" says="You are signed out everywhere, and sign in with the new one.">
        <form onSubmit={submit} style={{ display: "grid", gap: "1rem" }}>
          <div className="field">
            <label htmlFor="current">Present password</label>
            <input id="current" className="input" type="password" autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.target.value)} />
            <span className="hint">Empty if you have none yet.</span>
          </div>
          <div className="field">
            <label htmlFor="next">New password</label>
            <input id="next" className="input" type="password" autoComplete="new-password" minLength={AT_LEAST} value={next} onChange={(event) => setNext(event.target.value)} />
            <span className="hint">At least {AT_LEAST} characters; a few words are good.</span>
          </div>
          {set.isError && <Trouble error={set.error} />}
          <div className="actions">
            <Button onClick={() => setOpen(false)}>Leave it</Button>
            <Button tone="go" type="submit" disabled={next.length < AT_LEAST} busy={set.isPending}>Set it and sign out</Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
