import { type FormEvent, useState } from "react";
import { useApiKeys, useMakeKey, usePeople, useRevokeKey } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { exact, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Section } from "@/components/Page";
import { Loaded, Trouble } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import { type PersonRole, RoleBoxes } from "./People";

type Key = NonNullable<ReturnType<typeof useApiKeys>["data"]>[number];
type Asked = { id: string; name: string };

const columns = (revoke: (asked: Asked) => void): Column<Key>[] => [
  { head: "Key", cell: (key) => <>{key.name || "unnamed"} {key.prefix && <code className="faint">gl_{key.prefix}_…</code>}</> },
  { head: "Whose", cell: (key) => key.user_id },
  { head: "Narrowed to", room: "9rem", dim: true, cell: (key) => key.scopes.map(words).join(", ") || "all its owner may do" },
  { head: "State", cell: (key) => <State of={key} /> },
  { head: "Last used", dim: true, cell: (key) => <Time at={key.last_used_at} /> },
  { head: "", cell: (key) => !key.revoked_at && <Button size="small" tone="stop" onClick={() => revoke({ id: key.id, name: key.name || key.user_id })}>Revoke</Button> },
];

function State({ of: key }: { of: Key }) {
  if (key.revoked_at) return <Lamp look={{ label: "Revoked", tone: "idle", says: "It opens nothing any more." }} />;
  return (
    <>
      <Lamp look={{ label: "Good", tone: "go", says: key.expires_at ? `until ${exact(key.expires_at)}` : "until it is revoked" }} />
      {key.expires_at && <span className="faint sm">ends <Time at={key.expires_at} /></span>}
    </>
  );
}

/** Keys for programs. A key is shown once; after that only its beginning. */
export function Keys() {
  const asked = useApiKeys();
  const revoke = useRevokeKey();
  const [making, setMaking] = useState(false);
  const [asking, setAsking] = useState<Asked | null>(null);
  return (
    <Section title="API keys" side={<Button size="small" onClick={() => setMaking(true)}>Make a key …</Button>}>
      <Loaded asked={asked} rows={3}>
        {(keys) => (
          <Table label="API keys" rows={keys} id={(key) => key.id} columns={columns(setAsking)} />
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
