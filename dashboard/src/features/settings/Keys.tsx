import { type FormEvent, useState } from "react";
import { useApiKeys, useMakeKey, usePeople, useRevokeKey } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { exact, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import { type PersonRole, RoleBoxes } from "./People";

/** Keys for programs. A key is shown once; after that only its beginning. */
export function Keys() {
  const asked = useApiKeys();
  const revoke = useRevokeKey();
  const [making, setMaking] = useState(false);
  const [asking, setAsking] = useState<{ id: string; name: string } | null>(null);
  return (
    <Section title="API keys" side={<Button size="small" onClick={() => setMaking(true)}>Make a key …</Button>}>
      <Loaded asked={asked} rows={3}>
        {(keys) => (
          <Scroll label="API keys">
            <table className="table">
              <thead><tr><th>Key</th><th>Whose</th><th>Narrowed to</th><th>State</th><th>Last used</th><th><span className="visually-hidden">Do</span></th></tr></thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key.id}>
                    <td>{key.name || "unnamed"} {key.prefix && <code className="faint">gl_{key.prefix}_…</code>}</td>
                    <td>{key.user_id}</td>
                    <td className="wide dim" style={{ minWidth: "9rem" }}>{key.scopes.map(words).join(", ") || "all its owner may do"}</td>
                    <td><Lamp look={key.revoked_at ? { label: "Revoked", tone: "idle", says: "It opens nothing any more." } : { label: "Good", tone: "go", says: key.expires_at ? `until ${exact(key.expires_at)}` : "until it is revoked" }} />{key.expires_at && !key.revoked_at && <span className="faint sm"> ends <Time at={key.expires_at} /></span>}</td>
                    <td className="dim"><Time at={key.last_used_at} /></td>
                    <td>{!key.revoked_at && <Button size="small" tone="stop" onClick={() => setAsking({ id: key.id, name: key.name || key.user_id })}>Revoke</Button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Loaded>
      {making && <Make close={() => setMaking(false)} />}
      <Dialog open={asking !== null} close={() => setAsking(null)} title={`Revoke “${asking?.name ?? ""}”?`} says="It stops at once, with every token and browser that came of it. It cannot be brought back.">
        <div className="actions">
          <Button onClick={() => setAsking(null)}>Keep it</Button>
          <Button tone="stop" busy={revoke.isPending} onClick={() => asking && revoke.mutate(asking.id, { onSuccess: () => (setAsking(null), say("Revoked.")), onError: complain })}>Revoke the key</Button>
        </div>
      </Dialog>
    </Section>
  );
}

const DAY_MS = 86_400_000;
const LASTS: [string, number | null][] = [["90 days", 90], ["30 days", 30], ["A year", 365], ["Until it is revoked", null]];

function Make({ close }: { close: () => void }) {
  const people = usePeople().data ?? [];
  const make = useMakeKey();
  const [name, setName] = useState("");
  const [whose, setWhose] = useState("");
  const [scopes, setScopes] = useState<PersonRole[]>([]);
  const [days, setDays] = useState<number | null>(90);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name, user_id: whose || (people[0]?.user_id ?? ""), scopes, expires_at: days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString() });
  };
  return (
    <Dialog open close={close} title="Make an API key">
      {make.data ? (
        <>
          <div className="secret"><strong>Shown this once.</strong> Keep it where secrets are kept:<br /><code>{make.data.key}</code></div>
          <div className="actions">
            <Button onClick={() => void navigator.clipboard?.writeText(make.data.key)}>Copy</Button>
            <Button tone="go" onClick={close}>I have it</Button>
          </div>
        </>
      ) : (
        <form onSubmit={submit} style={{ display: "grid", gap: "1rem" }}>
          <div className="field"><label htmlFor="key-name">What it is for</label><input id="key-name" className="input" required value={name} onChange={(event) => setName(event.target.value)} /></div>
          <div className="field">
            <label htmlFor="key-whose">Acts as</label>
            <select id="key-whose" className="input" value={whose || people[0]?.user_id} onChange={(event) => setWhose(event.target.value)}>{people.filter((one) => !one.disabled_at).map((one) => <option key={one.user_id} value={one.user_id}>{one.display_name}</option>)}</select>
          </div>
          <div className="field">
            <label htmlFor="key-lasts">Good for</label>
            <select id="key-lasts" className="input" value={days ?? ""} onChange={(event) => setDays(event.target.value ? Number(event.target.value) : null)}>{LASTS.map(([said, value]) => <option key={said} value={value ?? ""}>{said}</option>)}</select>
          </div>
          <RoleBoxes legend="Narrowed to what these do; none chosen is all its owner may do" roles={scopes} change={setScopes} />
          {make.isError && <Trouble error={make.error} />}
          <div className="actions"><Button onClick={close}>Leave it</Button><Button tone="go" type="submit" busy={make.isPending}>Make the key</Button></div>
        </form>
      )}
    </Dialog>
  );
}
